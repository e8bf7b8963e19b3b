import { createHash } from 'node:crypto';
import type { JsonObject } from '../../../domain/events.ts';
import type { ImportPlan } from '../import-plan.ts';
import { isYes, plainId, type RowFields } from './read-fields.ts';

const plainTraits = [
  'email',
  'phone',
  'name',
  'first_name',
  'last_name',
  'gender',
  'birthday',
  'address',
  'city',
  'province',
  'country',
  'created_at',
] as const;
const externalIds = ['openid', 'unionid', 'device_id'] as const;

/** A customer's row → an identify call, cleaned like any other. The same contents give the same message id: twice adds nothing. */
export function toCall(plan: Pick<ImportPlan, 'receivedAt'>, row: RowFields): JsonObject {
  const text = (field: string) => row.fields.get(field);
  const traits: [string, string | boolean][] = [...row.kept];
  for (const field of plainTraits) if (text(field)) traits.push([field, text(field)!]);
  for (const field of ['consent_email', 'consent_sms']) if (text(field)) traits.push([field, isYes(text(field)!)]);
  const ids = externalIds.flatMap((type) => (text(type) ? [{ type, id: plainId(text(type)!) }] : []));
  return {
    type: 'identify',
    messageId: `import-${digest(row)}`,
    timestamp: plan.receivedAt.toISOString(),
    ...(text('user_id') ? { userId: plainId(text('user_id')!) } : {}),
    ...(text('anonymous_id') ? { anonymousId: plainId(text('anonymous_id')!) } : {}),
    traits: Object.fromEntries(traits),
    context: ids.length > 0 ? { externalIds: ids } : {},
  };
}

function digest(row: RowFields): string {
  return createHash('sha256')
    .update(JSON.stringify([[...row.fields].sort(), [...row.kept].sort()]))
    .digest('hex')
    .slice(0, 40);
}
