import { z } from 'zod';
import { instantSchema } from './basics.ts';

/** What people do with items, as recommendations see it. */
export const deedNames = [
  'viewed',
  'added',
  'wished',
  'bought',
  'liked',
  'shared',
  'disliked',
  'returned',
  'removed',
] as const;
export type DeedName = (typeof deedNames)[number];

export const deedWeightSchema = z.strictObject({
  /** How much one such deed says about taste; below 0: that it is not to their taste. */
  weight: z.number().min(-20).max(20),
  /** After so many days it says half as much. */
  halfLifeDays: z.number().int().min(1).max(3_650),
});
export type DeedWeight = z.infer<typeof deedWeightSchema>;

export const deedWeightsSchema = z
  .strictObject({
    viewed: deedWeightSchema,
    added: deedWeightSchema,
    wished: deedWeightSchema,
    bought: deedWeightSchema,
    liked: deedWeightSchema,
    shared: deedWeightSchema,
    disliked: deedWeightSchema,
    returned: deedWeightSchema,
    removed: deedWeightSchema,
  } satisfies Record<DeedName, typeof deedWeightSchema>)
  .refine((weights) => Object.values(weights).some(({ weight }) => weight > 0), {
    path: ['viewed', 'weight'],
    message: 'at least one weight must be above 0, or nothing says what people like',
  });
export type DeedWeights = z.infer<typeof deedWeightsSchema>;

/** GET, PUT …/recommend/weights. Answers use new weights at once, models from the next training on. */
export const recommendWeightsSchema = z.object({
  weights: deedWeightsSchema,
  defaults: deedWeightsSchema,
  /** Deeds of the last 30 days, by kind: what the weights are multiplied with. */
  deeds30d: z.array(z.object({ deed: z.enum(deedNames), deeds: z.number().int(), people: z.number().int() })),
  updatedAt: instantSchema.nullable(),
});
export type RecommendWeights = z.infer<typeof recommendWeightsSchema>;
