import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** What an event is called in a rule: standard events in words, the brand's own by their names. */
export function useEventName(): (event: string) => string {
  const { t, i18n } = useTranslation(['segments', 'events']);
  return useCallback(
    (event: string) => {
      if (event === '*') return t('segments:event.any');
      const key = `events:event.${event}.plain`;
      return i18n.exists(key) ? t(key) : event;
    },
    [t, i18n],
  );
}
