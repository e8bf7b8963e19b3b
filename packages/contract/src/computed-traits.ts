import { z } from 'zod';
import { instantSchema } from './basics.ts';
import { personRowSchema } from './people.ts';
import { propertyTestSchema, ruleWindowSchema } from './segment-rule.ts';

/** As rules, exports and the profile page call it. Those with a dot are computed by the platform: `rfm.group`. */
export const computedTraitNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,59}$/, 'must be lower-case letters, digits and _, such as favourite_category');

const propertySchema = z.string().trim().min(1).max(200);

/** What is computed over the events of a person that match. `first_at` and `last_at` are instants, `days_since_…` count from now. */
export const aggregateSchema = z
  .discriminatedUnion('of', [
    z.strictObject({ of: z.enum(['count', 'days', 'first_at', 'last_at', 'days_since_first', 'days_since_last']) }),
    z.strictObject({
      of: z.enum(['sum', 'average', 'min', 'max', 'distinct', 'first', 'last', 'most_frequent']),
      property: propertySchema,
    }),
  ])
  .meta({ id: 'ComputedTraitAggregate', description: 'What is computed over the events that match' });
export type Aggregate = z.infer<typeof aggregateSchema>;

export const purchaseAggregates = [
  'orders',
  'spent',
  'average_order',
  'items',
  'favourite_category',
  'favourite_item',
  'first_order_at',
  'last_order_at',
  'days_since_last_order',
] as const;

export const computedTraitDefinitionSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('events'),
      event: propertySchema.meta({ description: 'Name of the event; * for any' }),
      where: z.array(propertyTestSchema).max(20).default([]),
      window: ruleWindowSchema.default({ kind: 'ever' }),
      aggregate: aggregateSchema,
    }),
    /** Of lines of orders, in major units of the workspace's currency, refunds taken off. */
    z.strictObject({
      kind: z.literal('purchases'),
      aggregate: z.enum(purchaseAggregates),
      window: ruleWindowSchema.default({ kind: 'ever' }),
    }),
    z.strictObject({
      kind: z.literal('sql'),
      sql: z.string().trim().min(1).max(20_000).meta({
        description:
          'One SELECT over @person_events, @person_order_lines, @person_traits, @person_reviews, @items that answers profile_id and value, one row a person',
      }),
    }),
  ])
  .meta({ id: 'ComputedTraitDefinition', description: 'How a trait is computed' });
export type ComputedTraitDefinition = z.infer<typeof computedTraitDefinitionSchema>;

/** live: anew for whoever does something, within seconds, and everybody once a day. */
export const computedTraitRefreshSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('live') }),
  z.strictObject({ kind: z.literal('scheduled'), everyHours: z.number().int().min(1).max(168) }),
]);
export type ComputedTraitRefresh = z.infer<typeof computedTraitRefreshSchema>;

/** POST …/computed-traits */
export const computedTraitCreateSchema = z.strictObject({
  name: computedTraitNameSchema,
  title: z.string().trim().min(1).max(120),
  definition: computedTraitDefinitionSchema,
  refresh: computedTraitRefreshSchema.default({ kind: 'scheduled', everyHours: 24 }),
});
export type ComputedTraitCreate = z.input<typeof computedTraitCreateSchema>;

/** PATCH …/computed-traits/:traitId: the name stays, for rules name it. */
export const computedTraitUpdateSchema = computedTraitCreateSchema.omit({ name: true }).partial();
export type ComputedTraitUpdate = z.infer<typeof computedTraitUpdateSchema>;

/** GET …/computed-traits: those that the brand defined, and those that the platform computes. */
export const computedTraitSchema = z.object({
  /** Null: computed by the platform, such as rfm.group. */
  id: z.number().int().nullable(),
  name: z.string(),
  title: z.string(),
  definition: computedTraitDefinitionSchema.nullable(),
  refresh: computedTraitRefreshSchema.nullable(),
  source: z.string(),
  /** People who have a value. */
  people: z.number().int(),
  /** Of the values there are: numbers have ends and a mean, texts the most frequent. */
  type: z.enum(['text', 'number', 'boolean', 'list', 'none']),
  min: z.number().nullable(),
  mean: z.number().nullable(),
  max: z.number().nullable(),
  values: z.array(z.object({ value: z.string(), people: z.number().int() })),
  computedAt: instantSchema.nullable(),
  elapsedMs: z.number().nullable(),
  computing: z.boolean(),
  /** Of the latest run, when it failed: what is wrong and what to do. */
  error: z.object({ message: z.string(), fix: z.string(), at: instantSchema }).nullable(),
  /** Segments whose rules read it: they lose it when it goes. */
  usedBy: z.array(z.object({ id: z.number().int(), name: z.string() })),
});
export type ComputedTrait = z.infer<typeof computedTraitSchema>;

/** POST …/computed-traits/preview: what a definition that is not saved would give. */
export const computedTraitPreviewRequestSchema = z.strictObject({ definition: computedTraitDefinitionSchema });
export const computedTraitPreviewSchema = z.object({
  people: z.number().int(),
  sample: z.array(z.object({ person: personRowSchema, value: z.unknown() })),
  elapsedMs: z.number(),
  statement: z.string(),
});
export type ComputedTraitPreview = z.infer<typeof computedTraitPreviewSchema>;
