import type { IdentityId } from '../../domain/ids.ts';
import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import type { ReviewDraft } from '../clean-review.ts';
import type { Arrival } from '../draft.ts';
import type { KeptRows, Row } from './chunk-rows.ts';
import { identitiesAndEdges } from './identities-and-edges.ts';
import { instantText } from './instant-text.ts';

/** The same review again replaces what it said before, so nothing is counted as a duplicate. */
export function reviewRows(review: ReviewDraft, arrival: Arrival, vault: WorkspaceVault): KeptRows {
  const { identities, edges } = identitiesAndEdges(review.identifiers, arrival, review.occurredAt, vault);
  const row = reviewRow(review, arrival, identities[0]?.identityId, vault);
  return {
    messageKey: undefined,
    tables: [{ table: 'reviews', row }],
    identities,
    values: [],
    edges,
    repairs: review.repairs,
  };
}

export function reviewRow(
  review: ReviewDraft,
  arrival: Arrival,
  identityId: IdentityId | undefined,
  vault: WorkspaceVault,
): Row {
  const identity = identityId ?? '0';
  const named =
    review.reviewId || JSON.stringify([identity, review.itemId, review.occurredAt, review.title, review.text]);
  return {
    workspace_id: arrival.workspaceId,
    review_key: vault.messageKey(arrival.sourceId, `review\0${named}`),
    identity_id: identity,
    item_id: review.itemId,
    rating: review.rating,
    title: review.title,
    text: review.text,
    language: review.language,
    occurred_at: instantText(review.occurredAt),
    received_at: instantText(arrival.receivedAt),
    source_id: arrival.sourceId,
    import_id: arrival.importId,
    version: arrival.receivedAt.getTime(),
  };
}
