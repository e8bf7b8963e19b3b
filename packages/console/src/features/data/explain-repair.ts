import type { TFunction } from 'i18next';

/**
 * A repair in words. Repairs are named for their kind, and what they touched or how stands behind a colon: `currency`,
 * `type:price`, `timestamp:clock`; imports name the column first: `user_id:float`. One without words is shown as it is.
 */
export function explainRepair(repair: string, t: TFunction<'data'>): string {
  const whole = t(`repairs.${repair.replaceAll(':', '_')}`, { defaultValue: '' });
  if (whole !== '') return whole;
  const colon = repair.indexOf(':');
  if (colon < 0) return repair;
  const [first, second] = [repair.slice(0, colon), repair.slice(colon + 1)];
  for (const [kind, subject] of [
    [first, second],
    [second, first],
  ] as const) {
    const words = t(`repairs.${kind}`, { defaultValue: '' });
    if (words !== '') return t('repairs.at', { words, subject: t(`fields.${subject}`, { defaultValue: subject }) });
  }
  return repair;
}
