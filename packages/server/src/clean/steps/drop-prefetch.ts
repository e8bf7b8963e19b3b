import { said } from '@zhiyin/contract';
import type { JsonObject } from '../../domain/events.ts';
import { type Draft, quarantine, type StepResult } from '../draft.ts';
import { own, ownObject } from '../json.ts';

const hints = ['Purpose', 'Sec-Purpose', 'X-Purpose', 'X-Moz'];
const names = new Set(
  hints.flatMap((hint) => [hint, hint.toLowerCase(), hint[0]!.toLowerCase() + hint.slice(1).replace('-', '')]),
);

/** Pages a browser loaded ahead, which nobody may ever see. Only where the sender passed the browser's hint on. */
export function dropPrefetch(draft: Draft): StepResult {
  for (const place of [draft.context, ownObject(draft.context, 'headers')]) {
    if (!place || !namesHint(place)) continue;
    for (const name of names) {
      const value = own(place, name);
      if (typeof value === 'string' && /prefetch|prerender|preview/i.test(value)) {
        return quarantine('prefetch', `context.${name}`, said('loaded_ahead'));
      }
    }
  }
  return undefined;
}

function namesHint(place: JsonObject): boolean {
  for (const key in place) if (names.has(key)) return true;
  return false;
}
