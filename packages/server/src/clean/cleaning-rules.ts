import { currencyExponents } from '../domain/currencies.ts';
import type { Workspace } from '../domain/workspace.ts';
import { compileSettings } from './clean-settings.ts';
import { findCurrency } from './money/currencies.ts';

/** What imports need to know to judge rows as cleaning judges calls. */
export const cleaningRules = {
  blockedIdentifiers({ timeZone, currency, settings }: Workspace): readonly string[] {
    return [...compileSettings({ workspace: { timeZone, currency, settings }, rules: [], policies: [] }).blocked];
  },
  currencyExponents,
  findCurrency,
} as const;
