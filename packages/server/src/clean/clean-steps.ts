import type { CompiledSettings } from './clean-settings.ts';
import type { Draft, StepResult } from './draft.ts';
import { applyRepairRules } from './steps/apply-repair-rules.ts';
import { checkLimits } from './steps/check-limits.ts';
import { cleanContext } from './steps/clean-context.ts';
import { coerceTypes } from './steps/coerce-types.ts';
import { dropBots } from './steps/drop-bots.ts';
import { dropPrefetch } from './steps/drop-prefetch.ts';
import { flattenNames } from './steps/flatten-names.ts';
import { putAmounts } from './steps/put-amounts.ts';
import { putIdentifiers } from './steps/put-identifiers.ts';
import { putOccurredAt } from './steps/put-occurred-at.ts';
import { putParts } from './steps/put-parts.ts';
import { putPersonalDataAway } from './steps/put-personal-data-away.ts';
import { putTypeAndName } from './steps/put-type-and-name.ts';
import { requireProperties } from './steps/require-properties.ts';

/** Fills in its part of the draft, or says why the call cannot be kept. */
export type Step = (draft: Draft, settings: CompiledSettings) => StepResult;

/** The whole of cleaning, in order. Duplicates are found afterwards: that takes what was seen before, and a step sees one call. */
export const cleanSteps: readonly Step[] = [
  checkLimits, // first: nothing looks inside what may be too deep to look into
  applyRepairRules,
  putTypeAndName,
  putParts,
  dropBots,
  dropPrefetch,
  putOccurredAt,
  putIdentifiers,
  coerceTypes,
  requireProperties,
  putAmounts,
  putPersonalDataAway, // after all that needs the values in clear
  cleanContext,
  flattenNames,
];
