import { z } from 'zod';
import { instantSchema } from './basics.ts';
import { recommendMethodSchema, recommendRequestSchema } from './recommend.ts';

/** A condition on one attribute of the catalogue: `category`, `brand`, `price` (major unit), or a name in `attributes`. */
export const itemConditionSchema = z.strictObject({
  attribute: z.string().min(1).max(120),
  is: z.enum(['in', 'not_in', 'at_least', 'at_most', 'exists']),
  values: z
    .array(z.union([z.string().max(300), z.number()]))
    .max(200)
    .default([]),
});
export type ItemCondition = z.infer<typeof itemConditionSchema>;

const untilSchema = instantSchema.nullable().default(null).meta({ description: 'Ends by itself then; null: stays' });

export const recommendRulesSchema = z.strictObject({
  /** All must hold. */
  conditions: z.array(itemConditionSchema).max(50).default([]),
  /** Items without stock never show; this asks for more than one left. */
  stockMin: z.number().int().min(1).max(1_000_000).default(1),
  /** Item's price between these shares of the dearest item in the cart; null: any. */
  priceToCart: z
    .strictObject({
      atLeast: z.number().min(0).max(100).nullable().default(null),
      atMost: z.number().min(0).max(100).nullable().default(null),
    })
    .default({ atLeast: null, atMost: null }),
  /** Most items of one category (and of one brand) in an answer; null: any number. */
  perCategoryMax: z.number().int().min(1).max(100).nullable().default(null),
  perBrandMax: z.number().int().min(1).max(100).nullable().default(null),
  /** Leave out what the person bought. After `repurchaseDays` it may come back; null: never. */
  excludeBought: z.boolean().default(true),
  repurchaseDays: z.number().int().min(1).max(3_650).nullable().default(null),
  /** Cycles of single categories, in days: they stand before `repurchaseDays`. */
  repurchaseByCategory: z.record(z.string().max(300), z.number().int().min(1).max(3_650)).default({}),
  /** Leave out what was looked at in the last hours; 0: do not. */
  excludeViewedHours: z.number().min(0).max(8_760).default(0),
  /** Never again what was disliked, dismissed or rated with one or two stars. */
  excludeDisliked: z.boolean().default(true),
  /** 0: by relevance alone; 1: as different as can be. */
  diversity: z.number().min(0).max(1).default(0.2),
  /** Pushes down what everybody gets anyway: 0 none, 1 strong. */
  popularityDiscount: z.number().min(0).max(1).default(0),
  /** Share of places given to new and little shown items, by chance. */
  exploration: z.number().min(0).max(0.5).default(0.05),
  pins: z
    .array(
      z.strictObject({
        itemId: z.string().min(1).max(200),
        place: z.number().int().min(1).max(100),
        until: untilSchema,
      }),
    )
    .max(100)
    .default([]),
  boosts: z
    .array(
      z.strictObject({
        /** One item, or all that meet the condition. */
        itemId: z.string().min(1).max(200).optional(),
        condition: itemConditionSchema.optional(),
        /** Multiplies relevance: 2 doubles, 0.5 halves, 0 hides. */
        factor: z.number().min(0).max(10),
        until: untilSchema,
      }),
    )
    .max(100)
    .default([]),
});
export type RecommendRules = z.infer<typeof recommendRulesSchema>;

export const recommendExperimentSchema = z.strictObject({
  name: z.string().min(1).max(120),
  arms: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(80),
        share: z.number().gt(0).max(1),
        /** What differs in this arm; the rest is the surface's own. */
        chain: z.array(recommendMethodSchema).min(1).max(6).optional(),
        diversity: z.number().min(0).max(1).optional(),
        exploration: z.number().min(0).max(0.5).optional(),
        popularityDiscount: z.number().min(0).max(1).optional(),
      }),
    )
    .min(2)
    .max(10)
    .refine((arms) => Math.abs(arms.reduce((sum, arm) => sum + arm.share, 0) - 1) < 1e-6, 'shares must add up to 1')
    .refine((arms) => new Set(arms.map((arm) => arm.name)).size === arms.length, 'names must differ'),
});
export type RecommendExperiment = z.infer<typeof recommendExperimentSchema>;

export const surfaceKinds = ['home', 'similar', 'cart', 'after_purchase', 'search', 'message', 'feed', 'next'] as const;
export const surfaceKindSchema = z.enum(surfaceKinds);
export type SurfaceKind = z.infer<typeof surfaceKindSchema>;

/** PUT …/recommend/surfaces/:surface */
export const surfaceUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  kind: surfaceKindSchema,
  enabled: z.boolean().default(true),
  /** Pages may ask with a source's write key; without it only servers with an API key. */
  isPublic: z.boolean().default(false),
  k: z.number().int().min(1).max(100).default(12),
  /** Tried in order until the answer is full. */
  chain: z.array(recommendMethodSchema).min(1).max(6),
  rules: recommendRulesSchema,
  experiment: recommendExperimentSchema.nullable().default(null),
});
export type SurfaceUpdate = z.infer<typeof surfaceUpdateSchema>;

/** GET …/recommend/surfaces */
export const surfaceSchema = surfaceUpdateSchema.extend({
  surface: z.string(),
  /** As the workspace was given it; changed: somebody edited it. */
  isChanged: z.boolean(),
  /** Answers of the last seven days. */
  answers7d: z.number().int(),
  updatedAt: instantSchema.nullable(),
});
export type Surface = z.infer<typeof surfaceSchema>;

export const surfaceNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9:_-]{0,79}$/, 'must be lower-case letters, digits, - _ : and at most 80 characters');

/** POST …/recommend/preview: the same answer as POST /v1/recommend with debug, and nothing written. `draft`: rules not saved yet. */
export const recommendPreviewSchema = recommendRequestSchema
  .omit({ writeKey: true, debug: true })
  .extend({ draft: surfaceUpdateSchema.optional() });
export type RecommendPreview = z.infer<typeof recommendPreviewSchema>;

/** GET …/recommend/attributes: what rules can be made of. */
export const itemAttributeSchema = z.object({
  attribute: z.string(),
  type: z.enum(['text', 'number']),
  items: z.number().int().meta({ description: 'Items that have it' }),
  values: z
    .array(z.object({ value: z.string(), items: z.number().int() }))
    .meta({ description: 'Most frequent, at most 100' }),
  min: z.number().nullable(),
  max: z.number().nullable(),
});
export type ItemAttribute = z.infer<typeof itemAttributeSchema>;
