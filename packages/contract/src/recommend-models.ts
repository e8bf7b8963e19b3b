import { z } from 'zod';
import { instantSchema, rangeQuerySchema } from './basics.ts';
import { llmFailureSchema } from './llm.ts';

/** Measured on the days after the training days, against people's next items; see docs/recommend.md. */
export const rankingMeasuresSchema = z.object({
  recall: z.number(),
  ndcg: z.number(),
  /** 95 % interval over people. */
  ndcgInterval: z.object({ low: z.number(), high: z.number() }).optional(),
  hit: z.number(),
  coverage: z.number(),
  people: z.number().int(),
  k: z.number().int(),
});

/** Measured on each step of the test days, against everything that came before it. */
export const nextMeasuresSchema = z.object({
  hit: z.number(),
  ndcg: z.number(),
  /** 95 % interval over steps. */
  ndcgInterval: z.object({ low: z.number(), high: z.number() }),
  cases: z.number().int(),
  k: z.number().int(),
});

/** How long people take until they buy an item again. */
export const modelCycleSchema = z.object({
  itemId: z.string(),
  name: z.string(),
  category: z.string(),
  /** A quarter of those who come back have done so by then, half of them, nine in ten. */
  fromDays: z.number(),
  medianDays: z.number(),
  toDays: z.number(),
  /** Share of its buyers who bought it again. */
  repeatShare: z.number(),
  /** Times between two purchases that it was learned from. */
  gaps: z.number().int(),
});
export type ModelCycle = z.infer<typeof modelCycleSchema>;

export const recommendModelSchema = z.object({
  version: z.number().int(),
  kind: z.string(),
  state: z.enum(['candidate', 'serving', 'retired', 'rejected']),
  /** Of the model and of its baseline, on the same people. Null when there was too little to hold out. */
  measures: rankingMeasuresSchema.nullable(),
  baseline: rankingMeasuresSchema.nullable(),
  /** Why it is served or not, in a sentence. */
  verdict: z.string(),
  data: z.object({
    from: instantSchema.nullable(),
    to: instantSchema.nullable(),
    people: z.number().int(),
    items: z.number().int(),
    interactions: z.number().int(),
  }),
  /** Embeddings of items from the model endpoint; absent where none is set. With `failure` the training went on without them. */
  embeddings: z
    .object({
      model: z.string(),
      items: z.number().int(),
      dimensions: z.number().int(),
      failure: llmFailureSchema.nullable(),
      detail: z.string(),
    })
    .optional(),
  /** Items that people buy again, the most often bought again first; at most 50. */
  cycles: z.array(modelCycleSchema).optional(),
  /** New items that the model knows by their content alone. */
  newItems: z.number().int().optional(),
  /** All models tried, with what they reached on the validation days. */
  tried: z.array(
    z.object({
      kind: z.string(),
      options: z.record(z.string(), z.unknown()),
      ndcg: z.number(),
      fitSeconds: z.number(),
    }),
  ),
  /** What answers "what comes next". Absent where too few steps were made on the test days. */
  next: z
    .object({
      kind: z.string(),
      /** Learnt from what people bought, liked or saved, or from everything they looked at too. */
      steps: z.enum(['taken', 'all']),
      /** False: lists of what was counted to follow what are as good, and serve. */
      serves: z.boolean(),
      measures: nextMeasuresSchema,
      /** Of those lists, on the same steps. */
      baseline: nextMeasuresSchema,
      tried: z.array(z.object({ kind: z.string(), ndcg: z.number(), fitSeconds: z.number() })),
      fitSeconds: z.number(),
    })
    .optional(),
  fitSeconds: z.number(),
  sizeBytes: z.number(),
  checksum: z.string(),
  trainedAt: instantSchema,
  servedSince: instantSchema.nullable(),
});
export type RecommendModel = z.infer<typeof recommendModelSchema>;

/** GET, POST …/recommend/trainings */
export const trainingSchema = z.object({
  id: z.number().int(),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  /** read, choose, measure, fit, sequences, pairs, save */
  stage: z.string(),
  /** 0 to 1 */
  progress: z.number(),
  startedBy: z.enum(['schedule', 'operator', 'api_key']),
  modelVersion: z.number().int().nullable(),
  error: z.string().nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});
export type Training = z.infer<typeof trainingSchema>;

export const trainingCreateSchema = z.strictObject({
  /** Serve it when it earns its place; false: leave it a candidate. */
  promote: z.boolean().default(true),
});

/** GET …/recommend/status */
export const recommendStatusSchema = z.object({
  catalogue: z.object({
    items: z.number().int(),
    inStock: z.number().int(),
    newItems: z.number().int(),
    memoryBytes: z.number(),
    loadedAt: instantSchema.nullable(),
  }),
  model: recommendModelSchema.nullable(),
  training: trainingSchema.nullable(),
  /** Since this process started. */
  decisions: z.object({ written: z.number().int(), waiting: z.number().int(), lost: z.number().int() }),
  /** Events taken up before they were stored. */
  freshEvents: z.number().int(),
});
export type RecommendStatus = z.infer<typeof recommendStatusSchema>;

const rateSchema = z
  .object({ value: z.number(), low: z.number(), high: z.number() })
  .meta({ description: 'With its 95 % Wilson interval' });

/** GET …/recommend/quality?from&to&surface : live outcomes by surface and model version. */
export const recommendQualityQuerySchema = rangeQuerySchema.extend({
  surface: z.string().max(80).optional(),
  /** Outcomes count up to this many hours after the answer. */
  windowHours: z.coerce.number().int().min(1).max(720).default(24),
});
export type RecommendQualityQuery = z.output<typeof recommendQualityQuerySchema>;

export const recommendQualityRowSchema = z.object({
  surface: z.string(),
  model: z.string(),
  modelVersion: z.string(),
  experiment: z.string(),
  arm: z.string(),
  answers: z.number().int(),
  itemsShown: z.number().int(),
  clicks: z.number().int(),
  conversions: z.number().int(),
  revenueMinor: z.number(),
  /** Answers with a click, and with a purchase of a shown item, by all answers. */
  clickRate: rateSchema,
  conversionRate: rateSchema,
  /** Different items shown by all items of the catalogue. */
  coverage: z.number(),
  /** Share of pairs within an answer that are of different categories. */
  diversity: z.number().nullable(),
  /** Mean percentile of popularity of what was shown: 0.5 is neutral, 1 is only the most popular. */
  popularity: z.number().nullable(),
  /** Mean size of (predicted − clicked) over ten groups of scores scaled to the mean rate; 0 is perfect. */
  calibrationError: z.number().nullable(),
});
export type RecommendQualityRow = z.infer<typeof recommendQualityRowSchema>;

export const recommendDriftSchema = z.object({
  surface: z.string(),
  measure: z.enum(['clickRate', 'conversionRate']),
  modelVersion: z.string(),
  previousVersion: z.string(),
  now: rateSchema,
  before: rateSchema,
  /** Two-sided p of the difference. */
  p: z.number(),
});

export const recommendQualitySchema = z.object({
  rows: z.array(recommendQualityRowSchema),
  days: z.array(
    z.object({
      day: z.string(),
      surface: z.string(),
      answers: z.number().int(),
      clicks: z.number().int(),
      conversions: z.number().int(),
    }),
  ),
  /** Where the version served now is worse than the one before beyond chance (p < 0.01). */
  alarms: z.array(recommendDriftSchema),
  /** Statements behind it, by name. */
  queries: z.array(z.object({ name: z.string(), statement: z.string(), elapsedMs: z.number() })),
  asOf: instantSchema,
});
export type RecommendQuality = z.infer<typeof recommendQualitySchema>;
