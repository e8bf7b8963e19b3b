import type { ImportPreview } from '@zhiyin/contract';
import type { ImportPlan } from '../import-plan.ts';
import type { RowFields } from './read-fields.ts';
import { toCall } from './to-call.ts';
import { toItem } from './to-item.ts';
import { toReview } from './to-review.ts';
import { toSpend } from './to-spend.ts';

type Shown = Pick<ImportPreview['rows'][number], 'outcome' | 'reason' | 'detail' | 'repairs' | 'becomes'>;

/** A customer, review, day of spend or item as it will be handed on. */
export function previewRow(plan: ImportPlan, row: RowFields): Shown {
  const valid = (becomes: Record<string, unknown>, repairs: readonly string[] = []): Shown => ({
    outcome: 'valid',
    reason: null,
    detail: null,
    repairs: [...repairs],
    becomes,
  });
  const refused = (reason: string, detail: string): Shown => ({
    outcome: 'quarantined',
    reason,
    detail,
    repairs: [],
    becomes: null,
  });
  if (plan.kind === 'catalogue') {
    const result = toItem(plan, row);
    return result.kind === 'item'
      ? valid(result.item, result.repairs)
      : refused(result.reason, `${result.field} ${result.detail}`);
  }
  if (plan.kind === 'reviews')
    return row.fields.get('text') ? valid(toReview(row)) : refused('missing_property', 'text is empty');
  if (plan.kind === 'spend')
    return row.fields.get('media_channel')
      ? valid(toSpend(plan, row))
      : refused('missing_property', 'media_channel is empty');
  const call = toCall(plan, row);
  const names = ['user_id', 'email', 'phone', 'openid', 'unionid', 'anonymous_id', 'device_id'];
  return names.some((name) => row.fields.get(name))
    ? valid(call)
    : refused('missing_identity', 'the row says nothing about who it is');
}
