import type { Locale, Session } from '@zhiyin/contract';
import { useEffect } from 'react';
import { useUpdateOperator } from '../../api/session.ts';
import { i18n } from '../../i18n/i18n.ts';
import { type ThemeChoice, useAppearance } from '../../theme/theme-context.ts';

/** Brings the operator's language, theme and colours to this browser, and remembers the workspace that is open. */
export function usePreferences(session: Session, workspaceId: number): void {
  const { setChoice, setRiseChoice } = useAppearance();
  const { locale, preferences } = session.operator;
  const { mutate } = useUpdateOperator();

  useEffect(() => void i18n.changeLanguage(locale), [locale]);
  useEffect(() => {
    if (preferences.theme) setChoice(preferences.theme);
    if (preferences.riseColour) setRiseChoice(preferences.riseColour);
  }, [preferences.theme, preferences.riseColour, setChoice, setRiseChoice]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening another workspace is worth a write
  useEffect(() => {
    if (preferences.workspaceId !== workspaceId) mutate({ preferences: { workspaceId } });
  }, [workspaceId]);
}

/** Keeps a choice made in the top bar with the operator; in this browser it already holds. */
export function useSavePreferences() {
  const { mutate } = useUpdateOperator();
  return {
    language: (locale: Locale) => mutate({ locale }),
    theme: (theme: ThemeChoice) => mutate({ preferences: { theme } }),
  };
}
