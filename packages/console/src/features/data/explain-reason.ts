import type { TFunction } from 'i18next';

export type ReasonWords = { readonly name: string; readonly what: string; readonly fix: string };

/** Why a record is held back and what to do, in the reader's language; an unknown reason keeps its code. */
export function explainReason(reason: string, t: TFunction<'data'>): ReasonWords {
  const name = t(`reasons.${reason}.name`, { defaultValue: '' });
  if (name === '') return { name: reason, what: t('reasons.unknown.what'), fix: t('reasons.unknown.fix') };
  return { name, what: t(`reasons.${reason}.what`), fix: t(`reasons.${reason}.fix`) };
}
