import { type SegmentComparison, type SegmentDifference, saidNote } from '@zhiyin/contract';
import { currencyExponents } from '../../../domain/currencies.ts';
import { toNumber } from '../../../domain/rows.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { Stores } from '../../../storage/stores.ts';
import { type CompareRow, compareQuestion } from './compare-question.ts';
import { type Amounts, cohensD, cramersV, type Effect, rateRatio, withZeros } from './effect-sizes.ts';
import { getSegment } from './manage-segments.ts';

const timeoutMs = 30_000;
const lookedAtMs = 90 * 86_400_000;
/** With fewer on a side an interval says little. */
const peopleMin = 20;
/** A value that fewer have in all counts as "another". */
const peopleOfValueMin = 5;

type Sides = { readonly here: number; readonly there: number };
type Found = { readonly difference: Omit<SegmentDifference, keyof Effect>; readonly effect: Effect };

/**
 * What sets a segment apart from another, or from everybody who is not in it (null). Who is in both counts on both sides. Only what is
 * clear at 95 % is said, each difference by itself.
 */
export async function compareSegments(
  stores: Stores,
  workspace: Workspace,
  request: { readonly segmentId: number; readonly withId: number | null },
  now: Date = new Date(),
): Promise<SegmentComparison> {
  const { segmentId, withId } = request;
  const segment = await getSegment(stores, workspace, segmentId, now);
  const other = withId === null ? null : await getSegment(stores, workspace, withId, now);
  const since = new Date(now.getTime() - lookedAtMs);
  const question = compareQuestion({ segmentId, withId, currency: workspace.currency, since });
  const answer = await stores.events.read<CompareRow>(workspace.id, question, { timeoutMs });
  const counted = answer.rows.find(({ kind }) => kind === 'people');
  const people: Sides = { here: toNumber(counted?.here ?? 0), there: toNumber(counted?.there ?? 0) };
  const isEnough = Math.min(people.here, people.there) >= peopleMin;
  const minor = 10 ** (currencyExponents.get(workspace.currency) ?? 2);
  return {
    here: { id: segment.id, name: segment.name, people: people.here },
    there: { id: withId, name: other?.name ?? '', people: people.there },
    differences: isEnough ? strongestFirst(answer.rows.flatMap((row) => compareRow(row, people, minor))) : [],
    note: isEnough ? null : saidNote('too_few_to_compare', { least: peopleMin }),
    query: {
      statement: answer.statement,
      parameters: { ...question.parameters, since: since.toISOString() },
      elapsedMs: answer.elapsedMs,
      rowsRead: answer.rowsRead,
    },
  };
}

function compareRow(row: CompareRow, people: Sides, minor: number): Found[] {
  const { kind, name } = row;
  switch (kind) {
    case 'people':
      return [];
    case 'event': {
      const [here, there] = [toNumber(row.here), toNumber(row.there)];
      const effect = rateRatio({ of: here, people: people.here }, { of: there, people: people.there });
      const shares = { here: here / people.here, there: there / people.there };
      return [{ difference: { kind, name, value: null, ...shares, measure: 'rate_ratio' }, effect }];
    }
    case 'order': {
      const scale = name === 'revenue' ? minor : 1;
      const { here, there } = amountsOf(row, scale);
      return [compareAmounts(name, withZeros(here, people.here), withZeros(there, people.there))];
    }
    case 'number': {
      const { here, there } = amountsOf(row, 1);
      return Math.min(here.people, there.people) < peopleMin ? [] : [compareAmounts(name, here, there)];
    }
    case 'text':
      return compareValues(row, people);
  }
}

function amountsOf(row: CompareRow, scale: number): { here: Amounts; there: Amounts } {
  const amounts = (people: string, mean: number, variance: number) => ({
    people: toNumber(people),
    mean: toNumber(mean) / scale,
    variance: toNumber(variance) / scale ** 2,
  });
  return {
    here: amounts(row.here, row.here_mean, row.here_variance),
    there: amounts(row.there, row.there_mean, row.there_variance),
  };
}

const compareAmounts = (name: string, here: Amounts, there: Amounts): Found => ({
  difference: { kind: 'number', name, value: null, here: here.mean, there: there.mean, measure: 'cohens_d' },
  effect: cohensD(here, there),
});

/** Shares are of everybody on a side: to have no value is one more thing to have. */
function compareValues({ name, parts }: CompareRow, people: Sides): Found[] {
  const values = parts
    .map(([value, here, there]) => ({ value, here: toNumber(here), there: toNumber(there) }))
    .filter(({ here, there }) => here + there >= peopleOfValueMin)
    .map((one) => ({ ...one, hereShare: one.here / people.here, thereShare: one.there / people.there }))
    .sort((a, b) => Math.abs(b.hereShare - b.thereShare) - Math.abs(a.hereShare - a.thereShare));
  const [most] = values;
  if (!most) return [];
  const withRest = (side: keyof Sides) => {
    const counts = values.map((one) => one[side]);
    return [
      ...counts,
      Math.max(
        0,
        counts.reduce((left, count) => left - count, people[side]),
      ),
    ];
  };
  return [
    {
      difference: {
        kind: 'text',
        name,
        value: most.value,
        here: most.hereShare,
        there: most.thereShare,
        measure: 'cramers_v',
      },
      effect: cramersV(withRest('here'), withRest('there')),
    },
  ];
}

/** Of a trait that was told and computed under one name the stronger difference stands. */
function strongestFirst(found: readonly Found[]): SegmentDifference[] {
  const sorted = found
    .filter(({ effect }) => effect.isClear)
    .map(({ difference, effect: { effect, low, high, strength } }) => ({ ...difference, effect, low, high, strength }))
    .sort((a, b) => b.strength - a.strength || (a.name < b.name ? -1 : 1));
  return sorted.filter(({ kind, name }, i) => sorted.findIndex((one) => one.kind === kind && one.name === name) === i);
}
