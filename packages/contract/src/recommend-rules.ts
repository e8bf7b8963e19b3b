import { z } from 'zod';
import { instantSchema } from './basics.ts';

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

/** Maximal marginal relevance, or a determinantal point process: it also sees what is a mixture of several others as more of the same. */
export const diversityMethodSchema = z.enum(['mmr', 'dpp']);
export type DiversityMethod = z.infer<typeof diversityMethodSchema>;

export const explorationMethods = ['off', 'epsilon', 'thompson', 'linucb'] as const;
/** Nothing is tried; new items by chance; by how likely each is the best of them; or by what its features promise at most. */
export const explorationMethodSchema = z.enum(explorationMethods);
export type ExplorationMethod = z.infer<typeof explorationMethodSchema>;

/** Least shares of the places by the values of one attribute, in every beginning of the list. */
export const exposureSchema = z.strictObject({
  attribute: z.string().min(1).max(120).default('brand'),
  shares: z
    .record(z.string().min(1).max(300), z.number().gt(0).max(1))
    .default({})
    .refine((shares) => Object.keys(shares).length <= 20, 'at most 20 values can have a share')
    .refine(
      (shares) => Object.values(shares).reduce((sum, share) => sum + share, 0) <= 1 + 1e-9,
      'shares must add up to at most 1',
    ),
});

/** Raises items by their margin: one of 100 % counts for (1 + strength) times its relevance. Items of unknown margin stay. */
export const marginRuleSchema = z.strictObject({
  strength: z.number().min(0).max(1).default(0),
  /** Attribute of the catalogue. */
  attribute: z.string().min(1).max(120).default('cost'),
  /** What the attribute says: the cost in the currency of the price, or the margin as a share of the price (0.35 or 35). */
  holds: z.enum(['cost', 'margin']).default('cost'),
});

/** Pushes down what will soon be gone and raises what lies long, by days of sales in stock. */
export const stockRuleSchema = z
  .strictObject({
    strength: z.number().min(0).max(1).default(0),
    scarceDays: z.number().int().min(0).max(365).default(7),
    ampleDays: z.number().int().min(1).max(3_650).default(90),
  })
  .refine(({ scarceDays, ampleDays }) => scarceDays < ampleDays, {
    path: ['ampleDays'],
    message: 'must be more than scarceDays',
  });

/** What is bought again and again comes back when it is likely to have run out, as training learned it from the time between purchases. */
export const repurchaseRuleSchema = z.strictObject({
  learned: z.boolean().default(false),
  /** What is due counts for (1 + dueBoost) times its relevance. */
  dueBoost: z.number().min(0).max(3).default(0.5),
});

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
  /** Most items of single categories, and of what lies beneath them: they stand before `perCategoryMax`. 0: none at all. */
  categoryCaps: z.record(z.string().min(1).max(300), z.number().int().min(0).max(100)).default({}),
  exposure: exposureSchema.default({ attribute: 'brand', shares: {} }),
  margin: marginRuleSchema.default({ strength: 0, attribute: 'cost', holds: 'cost' }),
  stock: stockRuleSchema.default({ strength: 0, scarceDays: 7, ampleDays: 90 }),
  /** Leave out what the person bought. After `repurchaseDays` it may come back; null: never. */
  excludeBought: z.boolean().default(true),
  repurchaseDays: z.number().int().min(1).max(3_650).nullable().default(null),
  /** Cycles of single categories, in days: they stand before `repurchaseDays`. */
  repurchaseByCategory: z.record(z.string().max(300), z.number().int().min(1).max(3_650)).default({}),
  repurchase: repurchaseRuleSchema.default({ learned: false, dueBoost: 0.5 }),
  /** Leave out what was looked at in the last hours; 0: do not. */
  excludeViewedHours: z.number().min(0).max(8_760).default(0),
  /** Never again what was disliked, dismissed or rated with one or two stars. */
  excludeDisliked: z.boolean().default(true),
  /** 0: by relevance alone; 1: as different as can be. */
  diversity: z.number().min(0).max(1).default(0.2),
  diversityMethod: diversityMethodSchema.default('mmr'),
  /** Categories in the proportions of what the person did themselves: 0 as ranked, 1 by proportion alone. */
  calibration: z.number().min(0).max(1).default(0),
  /** Raises what is of a category or brand the person has had nothing to do with: 1 doubles it. */
  novelty: z.number().min(0).max(1).default(0),
  /** Pushes down what everybody gets anyway: 0 none, 1 strong. */
  popularityDiscount: z.number().min(0).max(1).default(0),
  /** Share of places that may be tried by chance: the whole budget of exploration, whatever the method. */
  exploration: z.number().min(0).max(0.5).default(0.05),
  /** How what is tried is chosen. */
  explorationMethod: explorationMethodSchema.default('epsilon'),
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
