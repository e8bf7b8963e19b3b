import { z } from 'zod';
import { instantSchema, rangeQuerySchema } from './basics.ts';
import { explorationMethodSchema } from './recommend-rules.ts';

/** GET …/recommend/exploration?from&to&surface : what trying things cost, and what came of it. */
export const recommendExplorationQuerySchema = rangeQuerySchema.extend({
  surface: z.string().max(80).optional(),
  /** Rewards count up to this many hours after the answer. */
  windowHours: z.coerce.number().int().min(1).max(720).default(24),
});
export type RecommendExplorationQuery = z.output<typeof recommendExplorationQuerySchema>;

/** Items shown, those of them clicked or bought, and the share with its 95 % Wilson interval. */
const triedSchema = z.object({
  shown: z.number().int(),
  rewarded: z.number().int(),
  rate: z.object({ value: z.number(), low: z.number(), high: z.number() }),
});

export const recommendExplorationSchema = z.object({
  surfaces: z.array(
    z.object({
      surface: z.string(),
      /** As it is set now. */
      method: explorationMethodSchema,
      /** Share of places that may be tried. */
      budget: z.number(),
      /** Share of places that were. */
      spent: z.number(),
      tried: triedSchema,
      /** The same places where chance left the ranking as it was: who got which was drawn, so the two can be compared. */
      ranked: triedSchema,
      /** Clicks and purchases given up for trying: tried · (rate as ranked − rate as tried), with its 95 % interval. Below 0: trying won. */
      cost: z.object({ value: z.number(), low: z.number(), high: z.number() }),
      /** What was tried most; at most 50. */
      items: z.array(
        triedSchema.extend({
          itemId: z.string(),
          name: z.string(),
          /** Part of what is tried from now on, as Thompson sampling has it; null: not learned yet, or by another method. */
          share: z.number().nullable(),
        }),
      ),
      /** What LinUCB believes a feature adds to the reward, and how sure it is; empty before it has learned. */
      features: z.array(z.object({ name: z.string(), weight: z.number(), deviation: z.number() })),
      learnedAt: instantSchema.nullable(),
    }),
  ),
  queries: z.array(z.object({ name: z.string(), statement: z.string(), elapsedMs: z.number() })),
  asOf: instantSchema,
});
export type RecommendExploration = z.infer<typeof recommendExplorationSchema>;
