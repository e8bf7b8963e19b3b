import { z } from 'zod';
import { instantSchema } from './basics.ts';
import { recommendMethodSchema, recommendRequestSchema } from './recommend.ts';
import { diversityMethodSchema, explorationMethodSchema, recommendRulesSchema } from './recommend-rules.ts';

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
        diversityMethod: diversityMethodSchema.optional(),
        calibration: z.number().min(0).max(1).optional(),
        novelty: z.number().min(0).max(1).optional(),
        exploration: z.number().min(0).max(0.5).optional(),
        explorationMethod: explorationMethodSchema.optional(),
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
