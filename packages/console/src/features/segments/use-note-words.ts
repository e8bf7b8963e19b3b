import type { RuleNote } from '@zhiyin/contract';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What the server says of a rule, in the reader's language; a sentence that is not known here is said as it came. */
export function useNoteWords(): (note: Pick<RuleNote, 'code' | 'values' | 'text'>) => string {
  const { t } = useTranslation('data');
  return useCallback(({ code, values, text }) => t(`said.${code}`, { ...values, defaultValue: text }), [t]);
}
