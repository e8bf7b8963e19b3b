import { buildSequences, dropLast, type NextItems, type Sequences } from '@zhiyin/learn';
import type { WeighedDeeds } from './read-training-data.ts';

/** What people took up one after the other, each item at its first time. */
export type Steps = {
  /** `taken`: what was bought, liked or saved; `all`: everything looked at too, where few take two things. */
  readonly kind: 'taken' | 'all';
  readonly whole: Sequences;
  /** What was before the cut. */
  readonly train: Sequences;
  /** Each step after the cut by somebody with an earlier one. */
  readonly test: NextItems;
};

/** People who took two things, at least; of fewer nothing is learnt about what follows what. */
const takersMin = 200;
/** Beyond it an even part of the people is learnt from: counts of what follows what grow with the steps, and every server keeps them. */
const stepsMax = 1_000_000;

/** @param cutSeconds the test days begin here. */
export function buildSteps(deeds: WeighedDeeds, cutSeconds: number): Steps {
  const kind = countTakers(deeds) >= takersMin ? 'taken' : 'all';
  const atOf = (entry: number) => (kind === 'taken' ? deeds.takenAt[entry]! : deeds.firstAt[entry]!);
  const isStep = (entry: number) => atOf(entry) > 0 && deeds.weight[entry]! > 0;
  let steps = 0;
  for (let entry = 0; entry < deeds.person.length; entry += 1) if (isStep(entry)) steps += 1;
  const everyNth = Math.ceil(steps / stepsMax);
  const kept: number[] = [];
  for (let entry = 0; entry < deeds.person.length; entry += 1) {
    if (isStep(entry) && deeds.person[entry]! % everyNth === 0) kept.push(entry);
  }
  const whole = buildSequences(deeds.people, deeds.itemIds.length, {
    user: Uint32Array.from(kept, (entry) => deeds.person[entry]!),
    item: Uint32Array.from(kept, (entry) => deeds.item[entry]!),
    at: Float64Array.from(kept, atOf),
  });
  const after = new Uint32Array(deeds.people);
  for (const entry of kept) if (atOf(entry) >= cutSeconds) after[deeds.person[entry]!]! += 1;
  return { kind, whole, train: dropLast(whole, (person) => after[person]!), test: casesAfter(whole, after) };
}

function countTakers({ person, takenAt, people }: WeighedDeeds): number {
  const taken = new Uint32Array(people);
  for (let entry = 0; entry < person.length; entry += 1) if (takenAt[entry]! > 0) taken[person[entry]!]! += 1;
  return taken.reduce((count, items) => count + (items > 1 ? 1 : 0), 0);
}

function casesAfter(sequences: Sequences, after: Uint32Array): NextItems {
  const start: number[] = [];
  const end: number[] = [];
  for (let person = 0; person < sequences.users; person += 1) {
    const [from, until] = [sequences.offsets[person]!, sequences.offsets[person + 1]!];
    for (let at = Math.max(from + 1, until - after[person]!); at < until; at += 1) {
      start.push(from);
      end.push(at);
    }
  }
  return { sequences, start: Uint32Array.from(start), end: Uint32Array.from(end) };
}
