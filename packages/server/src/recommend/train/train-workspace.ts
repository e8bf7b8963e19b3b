import { readFile } from 'node:fs/promises';
import type { DeedWeights } from '@zhiyin/contract';
import type { Kernels } from '@zhiyin/kernels';
import { loadModel, type RecommendModel } from '@zhiyin/learn';
import { AppError, assert } from '../../domain/app-error.ts';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import { type SavedModel, saveModelFile } from '../../storage/models/model-files.ts';
import type { Stores } from '../../storage/stores.ts';
import { type ItemVectors, isItemVectors } from '../models/item-vectors.ts';
import { type ModelBundle, toItemLists } from '../models/model-bundle.ts';
import type { CardFacts } from '../models/model-registry.ts';
import { type FittedModel, fitModels } from './fit-models.ts';
import { fitNext } from './fit-next.ts';
import { describeItems, readTrainItems, type TrainItems } from './read-items.ts';
import { learnCycles, listCycles, readSalesPerDay } from './read-purchases.ts';
import { readBaskets, readExtent, readTransitions, readWeighedDeeds, type WeighedDeeds } from './read-training-data.ts';

export type TrainOptions = {
  readonly workspaceId: WorkspaceId;
  readonly modelDir: string;
  /** Name of the file, unique. */
  readonly name: string;
  readonly now: Date;
  readonly days: number;
  readonly entriesMax: number;
  readonly timeBudgetSeconds: number;
  readonly seed: number;
  /** What the brand says its events are worth. */
  readonly weights: DeedWeights;
  /** File with the vectors of items, when there are any, and what is said about them. */
  readonly embeddings?: { readonly file: string | undefined; readonly report: NonNullable<CardFacts['embeddings']> };
  readonly progress: (stage: string, done: number) => void;
};

export type Trained = { readonly card: CardFacts; readonly saved: SavedModel; readonly earnsItsPlace: boolean };

const entriesMin = 200;
const listLengthMax = 100;

/** Whether there is enough to learn from: a schedule does not start what can only fail. */
export async function mayLearn(
  stores: Pick<Stores, 'events'>,
  workspaceId: WorkspaceId,
  days: number,
): Promise<boolean> {
  const extent = await readExtent(stores.events, workspaceId, new Date(Date.now() - days * 86_400_000));
  return extent.entries >= entriesMin;
}

/** One training from first query to the saved file: read → choose → measure → fit → count pairs → save. */
export async function trainWorkspace(events: EventStore, kernels: Kernels, options: TrainOptions): Promise<Trained> {
  const { workspaceId, now, progress } = options;
  const since = new Date(now.getTime() - options.days * 86_400_000);
  progress('read', 0.02);
  const extent = await readExtent(events, workspaceId, since);
  if (extent.entries < entriesMin || !extent.cutAt) {
    throw new AppError(
      'conflict',
      `There is too little to learn from: ${extent.entries} people-and-item pairs, at least ${entriesMin} are needed.`,
      { details: { fix: 'Send or import views and orders that name products, then train again.' } },
    );
  }
  const range = { since, now, cut: extent.cutAt };
  const read = await readWeighedDeeds(events, workspaceId, {
    ...range,
    entries: extent.entries,
    entriesMax: options.entriesMax,
    weights: options.weights,
  });
  const items = await readTrainItems(events, workspaceId, read.itemIds);
  const deeds = { ...read, itemIds: items.ids };
  const vectors = await readVectors(options.embeddings?.file);
  progress('choose', 0.2);
  const startedAt = performance.now();
  const fitting = {
    kernels,
    seed: options.seed,
    cutSeconds: extent.cutAt.getTime() / 1_000,
    content: describeItems(items, vectors),
    timeBudgetSeconds: options.timeBudgetSeconds,
    clock: () => (performance.now() - startedAt) / 1_000,
    progress: (stage: 'choose' | 'measure' | 'fit') => progress(stage, { choose: 0.2, measure: 0.5, fit: 0.55 }[stage]),
  };
  const fitted = fitModels(deeds, fitting);
  progress('sequences', 0.65);
  const next = fitNext(deeds, fitting);
  progress('pairs', 0.8);
  const cycles = await learnCycles(events, workspaceId, range, items);
  const bundle = {
    ...(await toBundle(events, workspaceId, { deeds, items, fitted, range })),
    cycles,
    ...(next?.model ? { following: { model: next.model, steps: next.steps } } : {}),
    ...(vectors ? { vectors } : {}),
  };
  progress('save', 0.95);
  const saved = await saveModelFile(options.modelDir, workspaceId, options.name, bundle);
  return {
    saved,
    earnsItsPlace: fitted.earnsItsPlace,
    card: {
      kind: fitted.kind,
      measures: fitted.measures,
      baseline: fitted.baseline,
      verdict: fitted.verdict,
      ...(options.embeddings ? { embeddings: options.embeddings.report } : {}),
      tried: fitted.tried,
      ...(next ? { next: next.card } : {}),
      cycles: listCycles(cycles, items),
      newItems: items.ids.length - items.known,
      fitSeconds: fitted.fitSeconds,
      data: {
        from: extent.from?.toISOString() ?? null,
        to: extent.to?.toISOString() ?? null,
        people: deeds.people,
        items: items.known,
        interactions: deeds.person.length,
      },
    },
  };
}

async function readVectors(file: string | undefined): Promise<ItemVectors | undefined> {
  if (file === undefined) return undefined;
  const model = loadModel(await readFile(file));
  assert(isItemVectors(model), `${file} holds a ${model.kind}, not item vectors`);
  return model;
}

async function toBundle(
  events: EventStore,
  workspaceId: WorkspaceId,
  made: {
    readonly deeds: WeighedDeeds;
    readonly items: TrainItems;
    readonly fitted: FittedModel;
    readonly range: { since: Date; now: Date };
  },
): Promise<ModelBundle> {
  const { deeds, fitted, range } = made;
  const items = made.items.ids.length;
  const itemOf = made.items.indexOf;
  const together = await readBaskets(events, workspaceId, range, itemOf);
  const next = await readTransitions(events, workspaceId, { ...range, strongOnly: true, bothWays: false }, itemOf);
  const viewed = await readTransitions(events, workspaceId, { ...range, strongOnly: false, bothWays: true }, itemOf);
  const popularity = new Float32Array(items);
  deeds.item.forEach((item, entry) => {
    popularity[item]! += Math.max(0, deeds.weight[entry]!);
  });
  return {
    kind: 'bundle',
    version: 1,
    items,
    itemIds: made.items.ids,
    knownItems: made.items.known,
    personal: withoutPeople(fitted.model),
    viewed: toItemLists(items, viewed, listLengthMax),
    together: toItemLists(items, together, listLengthMax),
    next: toItemLists(items, next, listLengthMax),
    popularity,
    salesPerDay: await readSalesPerDay(events, workspaceId, range, made.items),
  };
}

/** Scores follow from a person's history: their factors are for bringing the model up to date, and grow with the number of people. */
function withoutPeople(model: RecommendModel): RecommendModel {
  return 'userFactors' in model ? { ...model, ...{ users: 0, userFactors: new Float32Array(0) } } : model;
}
