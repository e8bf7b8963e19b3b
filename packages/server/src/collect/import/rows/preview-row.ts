import { explainSaid, type ImportPreview, type SaidText, said } from '@zhiyin/contract';
import type { ImportPlan } from '../import-plan.ts';
import type { RowFields } from './read-fields.ts';
import { toCall } from './to-call.ts';
import { toItem } from './to-item.ts';
import { toReview } from './to-review.ts';
import { toSpend } from './to-spend.ts';

type Shown = Pick<
  ImportPreview['rows'][number],
  'outcome' | 'reason' | 'field' | 'detail' | 'explanation' | 'repairs' | 'becomes'
>;

/** Of a row that is kept. */
export const noRefusal = { reason: null, field: null, detail: null, explanation: null } as const;

/** A customer, review, day of spend or item as it will be handed on. */
export function previewRow(plan: ImportPlan, row: RowFields): Shown {
  const valid = (becomes: Record<string, unknown>, repairs: readonly string[] = []): Shown => ({
    outcome: 'valid',
    ...noRefusal,
    repairs: [...repairs],
    becomes,
  });
  const refused = (reason: string, field: string, detail: SaidText): Shown => ({
    outcome: 'quarantined',
    reason,
    field,
    detail: `${field} ${detail}`.trim(),
    explanation: explainSaid(detail),
    repairs: [],
    becomes: null,
  });
  if (plan.kind === 'catalogue') {
    const result = toItem(plan, row);
    return result.kind === 'item'
      ? valid(result.item, result.repairs)
      : refused(result.reason, result.field, result.detail);
  }
  if (plan.kind === 'reviews')
    return row.fields.get('text') ? valid(toReview(row)) : refused('missing_property', 'text', said('row_empty'));
  if (plan.kind === 'spend')
    return row.fields.get('media_channel')
      ? valid(toSpend(plan, row))
      : refused('missing_property', 'media_channel', said('row_empty'));
  const call = toCall(plan, row);
  const names = ['user_id', 'email', 'phone', 'openid', 'unionid', 'anonymous_id', 'device_id'];
  return names.some((name) => row.fields.get(name)) ? valid(call) : refused('missing_identity', '', said('row_nobody'));
}
