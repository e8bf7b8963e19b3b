import type { TFunction } from 'i18next';

/**
 * A repair in words. Repairs are named `timestamp`, `currency`, or with what they touched behind a colon,
 * such as `type:price`; one without words of its own is shown as it is.
 */
export function explainRepair(repair: string, t: TFunction<'data'>): string {
  const colon = repair.indexOf(':');
  const kind = colon < 0 ? repair : repair.slice(0, colon);
  const subject = colon < 0 ? '' : repair.slice(colon + 1);
  const words = t(`repairs.${kind}`, { defaultValue: '' });
  if (words === '') return repair;
  return subject === '' ? words : t('repairs.at', { words, subject });
}
