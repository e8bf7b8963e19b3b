import type { SegmentCondition } from '@zhiyin/contract';

export const conditionKinds = [
  'event',
  'purchase',
  'trait',
  'computed',
  'place',
  'consent',
  'segment',
  'list',
  'tag',
  'cohort',
  'sequence',
  'funnel',
  'bucket',
] as const satisfies readonly SegmentCondition['kind'][];

const month = { kind: 'last', amount: 30, unit: 'days' } as const;
const step = (event: string) => ({ event, where: [], within: null, without: null });

/** What a condition is before anybody has filled it in: what most people ask for. */
export function firstCondition(kind: SegmentCondition['kind']): SegmentCondition {
  switch (kind) {
    case 'event':
      return {
        kind,
        event: '',
        where: [],
        window: month,
        measure: { of: 'count' },
        test: { op: 'at_least', value: 1 },
      };
    case 'purchase':
      return { kind, measure: 'orders', where: [], window: month, test: { op: 'at_least', value: 1 } };
    case 'trait':
      return { kind, trait: '', test: { op: 'one_of', values: [] } };
    case 'computed':
      return { kind, name: '', test: { op: 'at_least', value: 0 } };
    case 'place':
      return { kind, level: 'city', test: { op: 'one_of', values: [] } };
    case 'consent':
      return { kind, purpose: '', state: 'granted' };
    case 'segment':
      return { kind, segmentId: 0, in: true };
    case 'list':
      return { kind, listId: 0, in: true };
    case 'tag':
      return { kind, tag: '', in: true };
    case 'cohort':
      return { kind, by: 'first_order', window: month, in: true };
    case 'sequence':
      return {
        kind,
        steps: [step(''), { ...step(''), within: { amount: 7, unit: 'days' } }],
        window: month,
        did: true,
      };
    case 'funnel':
      return {
        kind,
        steps: [
          { event: '', where: [] },
          { event: '', where: [] },
        ],
        within: { amount: 7, unit: 'days' },
        reached: 1,
        window: month,
      };
    case 'bucket':
      return { kind, salt: 'a', from: 0, to: 50 };
  }
}
