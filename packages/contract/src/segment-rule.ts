import { z } from 'zod';
import { dateSchema } from './basics.ts';

/**
 * The rule language of segments, the same for console, API and assistant. A rule is a pure function of what is known of a person and of
 * the instant at which it is asked.
 */

export const ruleLimits = { depthMax: 8, conditionsMax: 100, valuesMax: 500, stepsMax: 6 } as const;

const nameSchema = z.string().trim().min(1).max(200);
const scalarSchema = z.union([z.string().max(500), z.number(), z.boolean()]);
export type RuleScalar = z.infer<typeof scalarSchema>;

export const timeUnits = ['minutes', 'hours', 'days', 'weeks'] as const;
const unitSchema = z.enum(timeUnits);
export type TimeUnit = (typeof timeUnits)[number];
const amountSchema = z.number().int().min(1).max(100_000);
const durationSchema = z.strictObject({ amount: amountSchema, unit: unitSchema });
export type RuleDuration = z.infer<typeof durationSchema>;

export const calendarPeriods = [
  'today',
  'yesterday',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
] as const;
export type CalendarPeriod = (typeof calendarPeriods)[number];

/** A stretch of time. Days begin and end in the workspace's time zone, weeks on Monday. */
export const ruleWindowSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('ever') }),
    /** Rolling: later than this long before now. */
    z.strictObject({ kind: z.literal('last'), ...durationSchema.shape }),
    /** Rolling: `{from: 60, to: 30, unit: 'days'}` is between 60 and 30 days ago; from null: any time before. */
    z.strictObject({ kind: z.literal('ago'), from: amountSchema.nullable(), to: amountSchema, unit: unitSchema }),
    z.strictObject({ kind: z.literal('calendar'), period: z.enum(calendarPeriods) }),
    z.strictObject({ kind: z.literal('since'), date: dateSchema }),
    z.strictObject({ kind: z.literal('before'), date: dateSchema }),
    /** From the first day on, up to the second and not with it. */
    z.strictObject({ kind: z.literal('between'), from: dateSchema, to: dateSchema }),
  ])
  .meta({ id: 'SegmentRuleWindow', description: 'A stretch of time, rolling or of the calendar' });
export type RuleWindow = z.infer<typeof ruleWindowSchema>;

/**
 * A test of one value. `is_not`, `none_of`, `not_contains`, `has_not`, `not_within` and `missing` hold where there is no value; all
 * others do not. Text is compared as it is written; numbers are numbers, or text that is written like one.
 */
export const valueTestSchema = z
  .discriminatedUnion('op', [
    z.strictObject({ op: z.enum(['is', 'is_not']), value: scalarSchema }),
    z.strictObject({
      op: z.enum(['one_of', 'none_of']),
      values: z.array(scalarSchema).min(1).max(ruleLimits.valuesMax),
    }),
    z.strictObject({ op: z.enum(['contains', 'not_contains', 'starts_with']), text: z.string().min(1).max(500) }),
    z.strictObject({ op: z.enum(['more', 'less', 'at_least', 'at_most']), value: z.number() }),
    /** Both ends belong to it. */
    z.strictObject({ op: z.literal('between'), from: z.number(), to: z.number() }),
    z.strictObject({ op: z.enum(['exists', 'missing']) }),
    /** Of a list: one of its entries. */
    z.strictObject({ op: z.enum(['has', 'has_not']), value: scalarSchema }),
    /** Of a date or instant. */
    z.strictObject({ op: z.enum(['within', 'not_within']), window: ruleWindowSchema }),
    z.strictObject({ op: z.literal('in_next'), ...durationSchema.shape }),
  ])
  .meta({ id: 'SegmentValueTest', description: 'A test of one value' });
export type ValueTest = z.infer<typeof valueTestSchema>;
export type ValueOp = ValueTest['op'];

/** On a property of an event: a name, a path (`device.type`), or `context.` and a path. */
export const propertyTestSchema = z.strictObject({ property: nameSchema, test: valueTestSchema });
export type PropertyTest = z.infer<typeof propertyTestSchema>;
const whereSchema = z.array(propertyTestSchema).max(20).default([]);

/** `*`: any event. */
const eventSelectorSchema = z.strictObject({ event: nameSchema, where: whereSchema });
export type EventSelector = z.infer<typeof eventSelectorSchema>;

/** What is measured over the events that match. `first` and `last` without a property are the instant itself. */
export const eventMeasureSchema = z
  .discriminatedUnion('of', [
    z.strictObject({ of: z.literal('count') }),
    z.strictObject({ of: z.enum(['sum', 'average', 'min', 'max', 'distinct']), property: nameSchema }),
    z.strictObject({ of: z.enum(['first', 'last']), property: nameSchema.nullable().default(null) }),
    /** On how many different days of the calendar. */
    z.strictObject({ of: z.literal('days') }),
  ])
  .meta({ id: 'SegmentEventMeasure', description: 'What is measured over the events that match' });
export type EventMeasure = z.infer<typeof eventMeasureSchema>;

/** Of lines of orders, in the workspace's currency: what was sold, and what came back. */
export const purchaseMeasures = ['orders', 'revenue', 'spent', 'refunded', 'refunds', 'quantity', 'items'] as const;
export const purchaseFields = ['item_id', 'item_name', 'category', 'unit_price'] as const;

const windowSchema = ruleWindowSchema.default({ kind: 'ever' });
const inSchema = z.boolean().default(true);

const traitConditionSchema = z.strictObject({
  kind: z.literal('trait'),
  trait: nameSchema,
  test: valueTestSchema,
});
/** Computed traits, scores, sentiment: `rfm.group`, `churn.probability`. */
const computedConditionSchema = z.strictObject({
  kind: z.literal('computed'),
  name: nameSchema,
  test: valueTestSchema,
});
const eventConditionSchema = z.strictObject({
  kind: z.literal('event'),
  event: nameSchema,
  where: whereSchema,
  window: windowSchema,
  measure: eventMeasureSchema.default({ of: 'count' }),
  /** "Did": at least 1; "did not": is 0. */
  test: valueTestSchema.default({ op: 'at_least', value: 1 }),
});
const purchaseConditionSchema = z.strictObject({
  kind: z.literal('purchase'),
  measure: z.enum(purchaseMeasures).default('orders').meta({
    description:
      'orders, quantity, items (different ones), spent: what was sold; refunds, refunded: what came back; revenue: spent less refunded. Money in major units of the workspace’s currency',
  }),
  where: z
    .array(z.strictObject({ property: z.enum(purchaseFields), test: valueTestSchema }))
    .max(20)
    .default([]),
  window: windowSchema,
  test: valueTestSchema.default({ op: 'at_least', value: 1 }),
});
/** Each step later than the one before, within its time, and without the event named in between. */
const sequenceConditionSchema = z.strictObject({
  kind: z.literal('sequence'),
  steps: z
    .array(
      eventSelectorSchema.extend({
        within: durationSchema.nullable().default(null),
        without: eventSelectorSchema.nullable().default(null),
      }),
    )
    .min(2)
    .max(ruleLimits.stepsMax),
  window: windowSchema,
  did: inSchema,
});
/** Came as far as step `reached` (1 is the first) within the time from the first step, and no further. */
const funnelConditionSchema = z.strictObject({
  kind: z.literal('funnel'),
  steps: z.array(eventSelectorSchema).min(2).max(ruleLimits.stepsMax),
  within: durationSchema.nullable().default(null),
  reached: z.number().int().min(1).max(ruleLimits.stepsMax),
  window: windowSchema,
});
const segmentConditionSchema = z.strictObject({
  kind: z.literal('segment'),
  segmentId: z.number().int().min(1),
  in: inSchema,
});
const listConditionSchema = z.strictObject({ kind: z.literal('list'), listId: z.number().int().min(1), in: inSchema });
const tagConditionSchema = z.strictObject({ kind: z.literal('tag'), tag: nameSchema, in: inSchema });
const cohortConditionSchema = z.strictObject({
  kind: z.literal('cohort'),
  by: z.enum(['first_seen', 'first_order']),
  window: ruleWindowSchema,
  in: inSchema,
});
/** The same person is always in the same place between 0 and 100, by the salt: from <= place < to. */
const bucketConditionSchema = z.strictObject({
  kind: z.literal('bucket'),
  salt: z.string().min(1).max(120),
  from: z.number().min(0).max(100),
  to: z.number().min(0).max(100),
});
/** From the person's traits, else from where their latest event was sent. */
const placeConditionSchema = z.strictObject({
  kind: z.literal('place'),
  level: z.enum(['country', 'region', 'city']),
  test: valueTestSchema,
});
/** The latest statement for a purpose: given, refused, or never asked. */
const consentConditionSchema = z.strictObject({
  kind: z.literal('consent'),
  purpose: nameSchema,
  state: z.enum(['granted', 'refused', 'unknown']),
});

export const segmentConditionKinds = [
  'trait',
  'computed',
  'event',
  'purchase',
  'sequence',
  'funnel',
  'segment',
  'list',
  'tag',
  'cohort',
  'bucket',
  'place',
  'consent',
] as const;

const conditionSchemas = [
  traitConditionSchema,
  computedConditionSchema,
  eventConditionSchema,
  purchaseConditionSchema,
  sequenceConditionSchema,
  funnelConditionSchema,
  segmentConditionSchema,
  listConditionSchema,
  tagConditionSchema,
  cohortConditionSchema,
  bucketConditionSchema,
  placeConditionSchema,
  consentConditionSchema,
] as const;
export type SegmentCondition = z.output<(typeof conditionSchemas)[number]>;

export type SegmentGroup = { kind: 'all' | 'any'; of: SegmentRule[] };
export type SegmentRule = SegmentGroup | { kind: 'not'; of: SegmentRule } | SegmentCondition;
/** As it is sent: what has a default may be left out. */
export type SegmentRuleInput =
  | { kind: 'all' | 'any'; of: SegmentRuleInput[] }
  | { kind: 'not'; of: SegmentRuleInput }
  | z.input<(typeof conditionSchemas)[number]>;

/** `all` of nothing holds for everybody; `any` of nothing for nobody. */
export const segmentRuleSchema: z.ZodType<SegmentRule, SegmentRuleInput> = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.enum(['all', 'any']),
      get of(): z.ZodType<SegmentRule[], SegmentRuleInput[]> {
        return z.array(segmentRuleSchema).max(ruleLimits.conditionsMax);
      },
    }),
    z.strictObject({
      kind: z.literal('not'),
      get of(): z.ZodType<SegmentRule, SegmentRuleInput> {
        return segmentRuleSchema;
      },
    }),
    ...conditionSchemas,
  ])
  .meta({ id: 'SegmentRule', description: 'Who is in a segment: groups (all, any, not) over conditions' });

/** A rule is looked at before it is parsed: one that is nested ten thousand deep must not cost a parser its stack. */
export function findRuleTooLarge(rule: unknown): { path: string; problem: 'depth' | 'conditions' } | undefined {
  let conditions = 0;
  const waiting: { value: unknown; depth: number; path: string }[] = [{ value: rule, depth: 1, path: '' }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    const { kind, of } = value as { kind?: unknown; of?: unknown };
    const isGroup = kind === 'all' || kind === 'any' || kind === 'not';
    if (!isGroup) {
      conditions += 1;
      if (conditions > ruleLimits.conditionsMax) return { path, problem: 'conditions' };
      continue;
    }
    if (depth > ruleLimits.depthMax) return { path, problem: 'depth' };
    const inner = Array.isArray(of) ? of : [of];
    // One more than may be there is enough to see that there are too many.
    for (const [i, value] of inner.slice(0, ruleLimits.conditionsMax + 1).entries()) {
      waiting.push({ value, depth: depth + 1, path: `${path}${path && '.'}of${Array.isArray(of) ? `[${i}]` : ''}` });
    }
  }
  return undefined;
}
