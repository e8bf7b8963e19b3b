import type { WorkspaceVault } from '../../storage/vault/vault.ts';
import type { SpendDraft } from '../clean-spend.ts';
import type { Arrival } from '../draft.ts';
import type { KeptRows } from './chunk-rows.ts';

/** One row per day, media channel and campaign: what arrives later replaces it. */
export function spendRows(spend: SpendDraft, arrival: Arrival, vault: WorkspaceVault): KeptRows {
  const name = `spend\0${spend.day}\0${spend.mediaChannel}\0${spend.campaign}`;
  const row = {
    workspace_id: arrival.workspaceId,
    spend_key: vault.messageKey(arrival.sourceId, name),
    day: spend.day,
    media_channel: spend.mediaChannel,
    campaign: spend.campaign,
    spend_minor: spend.spendMinor,
    currency: spend.currency,
    impressions: spend.impressions,
    clicks: spend.clicks,
    import_id: arrival.importId,
    version: arrival.receivedAt.getTime(),
  };
  return {
    messageKey: undefined,
    tables: [{ table: 'ad_spend', row }],
    identities: [],
    values: [],
    edges: [],
    repairs: spend.repairs,
  };
}
