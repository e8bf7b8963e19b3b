import type { RecommendModel as ModelCard } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { ModelDoor } from '../../llm/index.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import { loadItems } from '../catalogue/load-items.ts';
import { buildItemVectors, type ItemVectors } from '../models/item-vectors.ts';

export type ItemEmbeddings = {
  readonly report: NonNullable<ModelCard['embeddings']>;
  /** Absent when the endpoint gave nothing: the training goes on without. */
  readonly vectors?: ItemVectors;
};

const itemsMax = 50_000;
/** What every server keeps in memory of one workspace. */
const vectorBytesMax = 64 * 1_048_576;

/**
 * Embeddings of the catalogue's texts, where an embeddings model is set: name, category and description of items that are there. Only
 * texts that changed reach the endpoint; the door keeps the others.
 * @returns undefined when no embeddings model is set.
 */
export async function embedItems(
  events: EventStore,
  door: Pick<ModelDoor, 'embed'>,
  workspace: Workspace,
  signal: AbortSignal,
): Promise<ItemEmbeddings | undefined> {
  // Nothing to ask for is how the door says whether there is somebody to ask.
  const isSet = await door.embed(workspace, [], { purpose: 'items' });
  if (isSet.kind === 'unavailable' && ['not_set', 'off', 'no_model'].includes(isSet.reason)) return undefined;
  const itemIds: string[] = [];
  const texts: string[] = [];
  for await (const part of loadItems(events, workspace.id)) {
    for (const item of part) {
      if (item.deleted || itemIds.length >= itemsMax) continue;
      itemIds.push(item.itemId);
      texts.push([item.name, item.category, item.description].filter(Boolean).join('\n'));
    }
  }
  if (texts.length === 0) return undefined;
  const answer = await door.embed(workspace, texts, { purpose: 'items', signal });
  if (answer.kind === 'unavailable') {
    const { reason, detail } = answer;
    return { report: { model: '', items: 0, dimensions: 0, failure: reason, detail } };
  }
  const dimensions = answer.value[0]?.length ?? 0;
  const kept = Math.min(texts.length, Math.floor(vectorBytesMax / Math.max(1, dimensions)));
  return {
    report: { model: answer.model, items: kept, dimensions, failure: null, detail: '' },
    vectors: buildItemVectors(itemIds.slice(0, kept), answer.value.slice(0, kept)),
  };
}
