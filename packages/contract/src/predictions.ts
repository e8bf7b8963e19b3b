import { z } from 'zod';
import { idStringSchema, instantSchema, pageQuerySchema } from './basics.ts';

/** Words of the server for people, in both languages. */
export const featureWordsSchema = z.object({ en: z.string(), 'zh-CN': z.string() });
export type FeatureWords = z.infer<typeof featureWordsSchema>;

export const predictionKindSchema = z.enum([
  'churn',
  'repurchase',
  'goal',
  'next_purchase',
  'lifetime_value',
  'next_category',
  'next_action',
  'anomaly',
]);
export type PredictionKind = z.infer<typeof predictionKindSchema>;

/** Who gets a score: everybody seen, those active or those who bought within so many days. */
export const predictionWhoSchema = z.strictObject({
  kind: z.enum(['everyone', 'active', 'buyers']),
  withinDays: z.number().int().min(1).max(3_650),
});

const shared = {
  name: z.string().trim().min(1).max(80),
  horizonDays: z.number().int().min(7, 'must be 7 days or more').max(730, 'must be 730 days or fewer'),
  who: predictionWhoSchema,
  schedule: z.enum(['daily', 'weekly', 'off']),
};

/** POST …/predictions. `key` begins the names of the traits it writes: `churn` writes `churn.probability`. */
export const predictionCreateSchema = z
  .strictObject({
    ...shared,
    key: z
      .string()
      .regex(/^[a-z][a-z0-9_]{1,39}$/, 'must be lower case letters, digits and _, beginning with a letter'),
    kind: predictionKindSchema,
    /** The event to come, for kind `goal`. */
    goalEvent: z.string().min(1).max(200).nullable().default(null),
  })
  .refine(({ kind, goalEvent }) => (kind === 'goal') === (goalEvent !== null), {
    path: ['goalEvent'],
    message: 'names the event to predict, for kind goal and only for it',
  });

/** PATCH …/predictions/:predictionId */
export const predictionUpdateSchema = z.strictObject({
  name: shared.name.optional(),
  schedule: shared.schedule.optional(),
  archived: z.boolean().optional(),
});

/** Something the server has to say: a code to word it by, and what goes into the sentence. */
export const predictionSaidSchema = z.object({
  code: z.string(),
  values: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type PredictionSaid = z.infer<typeof predictionSaidSchema>;

const intervalSchema = z.object({ low: z.number(), high: z.number() });

/** Of a classifier on people and days it was not fitted on. */
export const classifierFiguresSchema = z.object({
  name: z.string(),
  auc: z.number(),
  aucInterval: intervalSchema,
  logLoss: z.number(),
  brier: z.number(),
  calibrationError: z.number(),
  liftTopTenth: z.number(),
  seconds: z.number(),
});
export type ClassifierFigures = z.infer<typeof classifierFiguresSchema>;

/** Of anything else, in its own measure; the smaller or the larger is better as `measure` says. */
export const plainFiguresSchema = z.object({
  name: z.string(),
  measure: z.enum(['log_loss', 'accuracy', 'error_days', 'rmse']),
  value: z.number(),
  problems: z.array(z.string()),
});
export type PlainFigures = z.infer<typeof plainFiguresSchema>;

export const featureEffectSchema = z.object({
  feature: z.string(),
  words: featureWordsSchema,
  unit: z.string(),
  importance: z.number(),
  /** Mean probability if everybody had this value, the rest as it is. */
  dependence: z.array(z.object({ at: z.union([z.number(), z.string()]), probability: z.number() })),
});
export type FeatureEffect = z.infer<typeof featureEffectSchema>;

export const lifetimeCardSchema = z.object({
  model: z.string(),
  isBaseline: z.boolean(),
  isAliveUsable: z.boolean(),
  parameters: z.array(z.object({ name: z.string(), value: z.number(), interval: intervalSchema.nullable() })),
  spend: z
    .object({
      parameters: z.array(z.object({ name: z.string(), value: z.number(), interval: intervalSchema.nullable() })),
      customers: z.number().int(),
      /** Between how often and how much: far from 0 the model of money is biased. */
      correlation: z.number(),
    })
    .nullable(),
  /** Days on which the tracking plot's weeks end, cumulative repeat purchases expected and come; the fit ends at `fittedUntil`. */
  track: z.array(z.object({ day: z.string(), expected: z.number(), actual: z.number() })),
  fittedUntil: z.string(),
  /** Share of the horizon's revenue that came from the tenth with the highest foretold value, and from the tenth that had spent most. */
  capture: z.object({ model: z.number(), pastSpend: z.number() }).nullable(),
  revenue: z.object({ foretold: z.number(), came: z.number() }).nullable(),
});
export type LifetimeCard = z.infer<typeof lifetimeCardSchema>;

/** What is known of one model: on what it was trained, how it did on days held back, what it goes by, and where not to trust it. */
export const predictionCardSchema = z.object({
  /** Kind that serves, and whether it is the simple baseline. */
  method: z.string(),
  baseline: z.string(),
  earnsItsPlace: z.boolean(),
  verdict: predictionSaidSchema,
  data: z.object({
    /** Instants at which people were looked at, oldest first; the last one is the test. */
    cuts: z.array(z.object({ at: instantSchema, people: z.number().int(), positives: z.number().int() })),
    people: z.number().int(),
    features: z.number().int(),
    /** Below 1 when only a part of the people was trained on. */
    share: z.number(),
  }),
  /** Compared on the cut before the last. */
  candidates: z.array(classifierFiguresSchema),
  plain: z.array(plainFiguresSchema),
  /** On the last cut: the model that serves, and the baseline. */
  test: classifierFiguresSchema.nullable(),
  testBaseline: classifierFiguresSchema.nullable(),
  gains: z.array(z.object({ people: z.number(), positives: z.number(), baseline: z.number() })),
  calibration: z.array(z.object({ predicted: z.number(), observed: z.number(), rows: z.number().int() })),
  effects: z.array(featureEffectSchema),
  leaks: z.array(z.object({ feature: z.string(), words: featureWordsSchema, auc: z.number(), nextAuc: z.number() })),
  limits: z.array(predictionSaidSchema),
  classes: z.array(z.object({ name: z.string(), people: z.number().int() })),
  lifetime: lifetimeCardSchema.nullable(),
  /** From this score on people are called high and medium: the tenth and the two fifths that scored highest. */
  levels: z.object({ high: z.number(), medium: z.number() }).nullable(),
  fitSeconds: z.number(),
});
export type PredictionCard = z.infer<typeof predictionCardSchema>;

export const predictionModelSchema = z.object({
  version: z.number().int(),
  state: z.enum(['serving', 'retired', 'candidate']),
  card: predictionCardSchema,
  sizeBytes: z.number(),
  checksum: z.string(),
  trainedAt: instantSchema,
  servedSince: instantSchema.nullable(),
});
export type PredictionModel = z.infer<typeof predictionModelSchema>;

/** What came of one scoring once its horizon was over. */
export const realisedSchema = z.object({
  people: z.number().int(),
  positives: z.number().int(),
  auc: z.number().nullable(),
  aucInterval: intervalSchema.nullable(),
  brier: z.number().nullable(),
  /** Mean error in the unit of the score, for kinds that foretell an amount. */
  error: z.number().nullable(),
  predicted: z.number(),
  observed: z.number(),
  calibration: z.array(z.object({ predicted: z.number(), observed: z.number(), rows: z.number().int() })),
});
export type Realised = z.infer<typeof realisedSchema>;

export const driftSchema = z.object({
  /** Population stability index against the people of the training: under 0.1 is the same, over 0.25 is another population. */
  score: z.number().nullable(),
  features: z.array(z.object({ feature: z.string(), words: featureWordsSchema, index: z.number() })),
});
export type Drift = z.infer<typeof driftSchema>;

/** A training (with the scoring after it) or a scoring. */
export const predictionRunSchema = z.object({
  id: z.number().int(),
  kind: z.enum(['train', 'score']),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'refused']),
  /** read, choose, test, fit, score, save */
  stage: z.string(),
  progress: z.number(),
  startedBy: z.enum(['schedule', 'operator', 'api_key']),
  modelVersion: z.number().int().nullable(),
  /** Why it was refused or failed. */
  said: predictionSaidSchema.nullable(),
  /** Instant up to which things were known. */
  at: instantSchema.nullable(),
  people: z.number().int().nullable(),
  meanScore: z.number().nullable(),
  /** People by score, in twenty steps from the least to the largest. */
  histogram: z.array(z.object({ from: z.number(), to: z.number(), people: z.number().int() })),
  drift: driftSchema.nullable(),
  realised: realisedSchema.nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});
export type PredictionRun = z.infer<typeof predictionRunSchema>;

export const predictionSchema = z.object({
  id: z.number().int(),
  key: z.string(),
  ...shared,
  kind: predictionKindSchema,
  goalEvent: z.string().nullable(),
  archivedAt: instantSchema.nullable(),
  createdAt: instantSchema,
  /** Names of the traits it writes. */
  traits: z.array(z.string()),
  serving: predictionModelSchema.nullable(),
  /** The latest run of any kind, and the latest scoring that is done. */
  run: predictionRunSchema.nullable(),
  scored: predictionRunSchema.nullable(),
  /** Drift, worse outcomes than foretold, a model that is old: each with what to do. */
  warnings: z.array(predictionSaidSchema),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** POST …/predictions/check: before anything is made, whether there is enough to learn from. */
export const predictionCheckSchema = z.object({
  eligible: z.number().int(),
  /** People to whom it happened in the last horizon that is over; null for kinds without a yes or no. */
  positives: z.number().int().nullable(),
  cuts: z.number().int(),
  /** Null: it can be trained. */
  refusal: predictionSaidSchema.nullable(),
});
export type PredictionCheck = z.infer<typeof predictionCheckSchema>;

/** GET …/predictions/options: what can be predicted here. */
export const predictionOptionsSchema = z.object({
  goals: z.array(z.object({ name: z.string(), people: z.number().int() })),
  from: instantSchema.nullable(),
  to: instantSchema.nullable(),
  buyers: z.number().int(),
});
export type PredictionOptions = z.infer<typeof predictionOptionsSchema>;

export const predictionReasonSchema = z.object({
  feature: z.string(),
  words: featureWordsSchema,
  unit: z.string(),
  value: z.union([z.number(), z.string(), z.null()]),
  /** What it adds: log-odds for probabilities, a share for anomalies. */
  contribution: z.number(),
});
export type PredictionReason = z.infer<typeof predictionReasonSchema>;

export const personScoreSchema = z.object({
  predictionId: z.number().int(),
  key: z.string(),
  name: z.string(),
  kind: predictionKindSchema,
  horizonDays: z.number().int(),
  goalEvent: z.string().nullable(),
  score: z.number(),
  /** Predicted category or action, or high, medium, low. */
  label: z.string(),
  /** Share of scored people with a lower score. */
  rank: z.number(),
  /** Further figures by name: value, purchases, p_alive, days. */
  figures: z.record(z.string(), z.number()),
  reasons: z.array(predictionReasonSchema),
  /** Log-odds of the average person and of what is not among the reasons: all of it sums to the person's. */
  base: z.number().nullable(),
  rest: z.number().nullable(),
  scoredAt: instantSchema,
  modelVersion: z.number().int(),
});
export type PersonScore = z.infer<typeof personScoreSchema>;

/** GET …/predictions/:predictionId/people?order=highest|lowest&label= */
export const scoredPeopleQuerySchema = pageQuerySchema.extend({
  order: z.enum(['highest', 'lowest']).default('highest'),
  label: z.string().max(200).optional(),
});

export const scoredPersonSchema = z.object({
  profileId: idStringSchema,
  displayName: z.string(),
  score: z.number(),
  label: z.string(),
  figures: z.record(z.string(), z.number()),
  reasons: z.array(predictionReasonSchema),
});
export type ScoredPerson = z.infer<typeof scoredPersonSchema>;
