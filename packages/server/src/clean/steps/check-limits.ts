import { collectLimits, said } from '@zhiyin/contract';
import type { Json } from '../../domain/events.ts';
import { type Draft, quarantine, type StepResult } from '../draft.ts';

const propertiesMax = 1_000;

/** Size, depth and number of fields, before anything looks inside. */
export function checkLimits(draft: Draft): StepResult {
  const measured = measureJson(draft.call);
  if (measured.depth > collectLimits.depthMax) {
    return quarantine('too_deep', '', said('nested_too_deep', { most: collectLimits.depthMax }));
  }
  if (measured.fields > propertiesMax) {
    return quarantine('too_large', '', said('too_many_fields', { most: propertiesMax }));
  }
  // Characters are at most 6 bytes of JSON each: only what may be too large is measured exactly.
  if (measured.characters * 6 > collectLimits.eventBytesMax) {
    const bytes = Buffer.byteLength(JSON.stringify(draft.call));
    if (bytes > collectLimits.eventBytesMax) {
      return quarantine('too_large', '', said('too_many_bytes', { bytes, most: collectLimits.eventBytesMax }));
    }
  }
  return undefined;
}

type Measured = { depth: number; fields: number; characters: number };

function measureJson(root: Json): Measured {
  const measured: Measured = { depth: 0, fields: 0, characters: 0 };
  walk(root, 1, measured);
  return measured;
}

/** Stops going deeper one level behind the limit, so that no nesting can exhaust the stack. */
function walk(value: Json, depth: number, measured: Measured): void {
  if (typeof value === 'string') {
    measured.characters += value.length + 3;
    return;
  }
  if (typeof value !== 'object' || value === null) {
    measured.characters += 8;
    return;
  }
  if (depth > measured.depth) measured.depth = depth;
  if (depth > collectLimits.depthMax) return;
  if (Array.isArray(value)) {
    measured.fields += value.length;
    for (const element of value) walk(element, depth + 1, measured);
    return;
  }
  for (const key in value) {
    measured.fields += 1;
    measured.characters += key.length + 4;
    walk(value[key]!, depth + 1, measured);
  }
}
