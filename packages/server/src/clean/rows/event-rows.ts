import type { JsonObject } from '../../domain/events.ts';
import type { RememberedValue, WorkspaceVault } from '../../storage/vault/vault.ts';
import { cleanReview } from '../clean-review.ts';
import type { CompiledSettings } from '../clean-settings.ts';
import type { Draft } from '../draft.ts';
import type { KeptRows, Row } from './chunk-rows.ts';
import { identitiesAndEdges } from './identities-and-edges.ts';
import { instantText } from './instant-text.ts';
import { orderLineRows } from './order-line-rows.ts';
import { reviewRow } from './review-rows.ts';

/** A valid call as rows: the event itself, lines of an order, facts about the person, a review. */
export function eventRows(draft: Draft, vault: WorkspaceVault, settings: CompiledSettings): KeptRows {
  const { arrival, occurredAt } = draft;
  const messageKey = vault.messageKey(arrival.sourceId, draft.messageId);
  const { identities, edges } = identitiesAndEdges(draft.identifiers, arrival, occurredAt, vault);
  const identityId = identities[0]!.identityId;
  const occurredText = instantText(occurredAt);
  const common = { workspace_id: arrival.workspaceId, source_id: arrival.sourceId, identity_id: identityId };
  const properties = withSurrogates(draft, vault);
  const tables: { table: 'events' | 'order_lines' | 'traits' | 'reviews'; row: Row }[] = [
    {
      table: 'events',
      row: {
        ...common,
        message_key: messageKey,
        type: draft.type,
        name: draft.name,
        occurred_at: occurredText,
        received_at: instantText(arrival.receivedAt),
        properties: draft.type === 'identify' ? { ...properties, ...draft.traits } : properties,
        context: draft.context,
        repairs: draft.repairs,
        import_id: arrival.importId,
      },
    },
  ];
  const order = orderLineRows(draft, identityId, vault);
  for (const row of order?.rows ?? []) tables.push({ table: 'order_lines', row });
  for (const name of Object.keys(draft.traits)) {
    tables.push({
      table: 'traits',
      row: {
        ...common,
        name: name.slice(0, 200),
        value: JSON.stringify(draft.traits[name]),
        occurred_at: occurredText,
        message_key: messageKey,
        version: Math.max(0, occurredAt.getTime()),
      },
    });
  }
  if (draft.name === 'product_reviewed') {
    const review = cleanReview(reviewOf(draft), arrival, settings);
    if (review.kind === 'review') {
      tables.push({ table: 'reviews', row: reviewRow({ ...review.review, occurredAt }, arrival, identityId, vault) });
    }
  }
  const values: RememberedValue[] = draft.personal.map(({ field, value }) => ({
    identityId,
    field: field.slice(0, 200),
    value,
    occurredAt,
    sourceId: arrival.sourceId,
  }));
  return { messageKey, tables, identities, values, edges, repairs: draft.repairs, order: order?.keys };
}

/** A property that held an e-mail or a phone number keeps its surrogate: events of the same one still meet. */
function withSurrogates(draft: Draft, vault: WorkspaceVault): JsonObject {
  const leaving = draft.personal.filter((value) => value.leaves);
  if (leaving.length === 0) return draft.properties;
  const properties: JsonObject = { ...draft.properties };
  for (const { leaves, value } of leaving) {
    properties[leaves!.property.replaceAll('.', '_')] = vault.surrogate(leaves!.kind, String(value));
  }
  return properties;
}

/** Without identifiers: the event already says who. A rating out of range must not cost the event. */
function reviewOf(draft: Draft): JsonObject {
  const { timestamp: _timestamp, ...rest } = draft.properties;
  const text = rest.text ?? rest.review_body ?? rest.reviewBody ?? '';
  return { ...rest, text };
}
