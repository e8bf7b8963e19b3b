import { z } from 'zod';
import { instantSchema } from './basics.ts';

/** Limits of the recommendation endpoints. */
export const recommendLimits = {
  itemsMax: 100,
  batchPeopleMax: 1_000,
  queryCandidatesMax: 500,
  contextItemsMax: 200,
} as const;

export const recommendMethods = ['personal', 'similar', 'together', 'next', 'popular', 'new', 'search'] as const;
/** Where a list comes from: the model, likeness to an item, what goes together, what comes next, what most took, what is new, what a search found. */
export const recommendMethodSchema = z.enum(recommendMethods);
export type RecommendMethod = z.infer<typeof recommendMethodSchema>;

const idText = z.union([z.string().min(1).max(512), z.number()]);

/** Whoever it is for: any identifier. Several are taken in this order; the strongest known one wins. */
export const recommendPersonSchema = z.strictObject({
  userId: idText.optional(),
  anonymousId: idText.optional(),
  email: z.string().max(320).optional(),
  phone: z.string().max(40).optional(),
  openid: z.string().max(512).optional(),
  unionid: z.string().max(512).optional(),
  deviceId: z.string().max(512).optional(),
  /** From the console; needs no identifier. */
  profileId: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
});
export type RecommendPerson = z.infer<typeof recommendPersonSchema>;

export const recommendContextSchema = z.strictObject({
  /** Item looked at, for the surface `similar`. */
  itemId: idText.optional(),
  /** Items in the cart or of the order just made. */
  cart: z.array(idText).max(recommendLimits.contextItemsMax).optional(),
  /** What a search found, best first: put into the order that suits the person. */
  candidates: z.array(idText).max(recommendLimits.queryCandidatesMax).optional(),
  /** Items whose attribute `regions` (or `region`) names it, or that name none. */
  region: z.string().max(100).optional(),
  /** Never in the answer, besides what rules leave out. */
  exclude: z.array(idText).max(recommendLimits.contextItemsMax).optional(),
});
export type RecommendContext = z.infer<typeof recommendContextSchema>;

/** POST /v1/recommend. With `person`, with `items` (a session of somebody unknown, oldest first), with both, or with neither. */
export const recommendRequestSchema = z.strictObject({
  surface: z.string().min(1).max(80),
  person: recommendPersonSchema.optional(),
  items: z.array(idText).max(recommendLimits.contextItemsMax).optional(),
  k: z.number().int().min(1).max(recommendLimits.itemsMax).optional(),
  context: recommendContextSchema.optional(),
  /** Language of the reasons; both come when it is left out. */
  locale: z.enum(['zh-CN', 'en']).optional(),
  debug: z.boolean().optional(),
  writeKey: z.string().max(200).optional(),
});
export type RecommendRequest = z.infer<typeof recommendRequestSchema>;

/** POST /v1/recommend/batch: the same question for many people. */
export const recommendBatchRequestSchema = recommendRequestSchema
  .omit({ person: true, items: true, writeKey: true })
  .extend({ people: z.array(recommendPersonSchema).min(1).max(recommendLimits.batchPeopleMax) });
export type RecommendBatchRequest = z.infer<typeof recommendBatchRequestSchema>;

/** GET /v1/recommend/block?surface=…: a piece of HTML (or JSON) to embed. */
export const recommendBlockQuerySchema = z.strictObject({
  surface: z.string().min(1).max(80),
  userId: z.string().max(512).optional(),
  anonymousId: z.string().max(512).optional(),
  itemId: z.string().max(512).optional(),
  /** Several, separated by commas. */
  cart: z.string().max(4_000).optional(),
  region: z.string().max(100).optional(),
  k: z.coerce.number().int().min(1).max(recommendLimits.itemsMax).optional(),
  locale: z.enum(['zh-CN', 'en']).optional(),
  format: z.enum(['html', 'json']).default('html'),
  writeKey: z.string().max(200).optional(),
});

/** One thing the person did that speaks for the item. `share` of all reasons given, 0 to 1. */
export const recommendBecauseSchema = z.object({
  did: z
    .string()
    .meta({ description: 'viewed, added, bought, liked, wished, searched, or attribute for shared content' }),
  itemId: z.string(),
  name: z.string(),
  share: z.number(),
});

export const recommendedItemSchema = z.object({
  itemId: z.string(),
  name: z.string(),
  category: z.string(),
  brand: z.string(),
  priceMinor: z.number().nullable(),
  currency: z.string(),
  url: z.string(),
  imageUrl: z.string(),
  /** Relevance within this answer, 0 to 1; 1 is the best candidate found. */
  score: z.number(),
  method: recommendMethodSchema,
  /** A marketer put it there, or raised it. */
  pinned: z.boolean().optional(),
  boosted: z.boolean().optional(),
  /** Shown to learn about it: chosen by chance within the exploration budget. */
  explored: z.boolean().optional(),
  /** Chance with which this item was chosen for this place. */
  propensity: z.number(),
  reason: z.object({
    zh: z.string().optional(),
    en: z.string().optional(),
    because: z.array(recommendBecauseSchema),
  }),
});
export type RecommendedItem = z.infer<typeof recommendedItemSchema>;

/** Places from 1; null: from or to beyond the places that are shown. */
export const recommendMoveSchema = z.object({
  rule: z.string(),
  items: z.number().int(),
  examples: z.array(
    z.object({
      itemId: z.string(),
      name: z.string(),
      from: z.number().int().nullable(),
      to: z.number().int().nullable(),
      /** The numbers behind it, such as `margin` or `daysSince`. */
      values: z.record(z.string(), z.number()),
    }),
  ),
});
export type RecommendMove = z.infer<typeof recommendMoveSchema>;

/** Why a list is not personal, or empty. */
export const recommendNoteSchema = z.enum([
  'opted_out',
  'unknown_person',
  'no_history',
  'no_model',
  'empty_catalogue',
  'all_filtered',
  'no_candidates',
  'surface_off',
]);

export const recommendAnswerSchema = z.object({
  decisionId: z.uuid().meta({ description: 'Send it back as property decision_id of the events that follow' }),
  surface: z.string(),
  items: z.array(recommendedItemSchema),
  /** False: nothing about the person was used. */
  personalised: z.boolean(),
  notes: z.array(recommendNoteSchema),
  model: z.string(),
  modelVersion: z.string(),
  /** Chance of the whole list: the product of its items' propensities. */
  propensity: z.number(),
  /** Steps of the surface's chain that gave items, in order; `fallback` where the first did not suffice. */
  methods: z.array(recommendMethodSchema),
  fallback: z.boolean(),
  experiment: z.object({ name: z.string(), arm: z.string() }).nullable(),
  decidedAt: instantSchema,
  debug: z
    .object({
      candidates: z.number().int(),
      /** How many candidates each rule took away. */
      removed: z.array(z.object({ rule: z.string(), items: z.number().int(), examples: z.array(z.string()) })),
      /** What each rule moved into, within or out of the places shown, in the order in which the rules work. */
      moved: z.array(recommendMoveSchema),
      history: z.array(
        z.object({ did: z.string(), itemId: z.string(), name: z.string(), at: instantSchema, weight: z.number() }),
      ),
      steps: z.array(z.object({ step: z.string(), items: z.number().int(), elapsedMs: z.number() })),
      freshEvents: z.number().int(),
    })
    .optional(),
});
export type RecommendAnswer = z.infer<typeof recommendAnswerSchema>;

export const recommendBatchAnswerSchema = z.object({ answers: z.array(recommendAnswerSchema) });
