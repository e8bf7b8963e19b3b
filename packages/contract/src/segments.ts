import { z } from 'zod';
import {
  askedQuerySchema,
  dateSchema,
  idStringSchema,
  instantSchema,
  localeSchema,
  pageQuerySchema,
} from './basics.ts';
import { personRowSchema } from './people.ts';
import { saidNoteSchema } from './said.ts';
import { segmentConditionKinds, segmentRuleSchema } from './segment-rule.ts';

const segmentIdSchema = z.number().int().min(1);
const segmentNameSchema = z.string().trim().min(1).max(120);
const descriptionSchema = z.string().trim().max(1_000);

/** What is odd about a rule that can be kept all the same, with the place in it: `of[1].of[0].test`. */
export const ruleNoteSchema = saidNoteSchema.extend({ path: z.string() });
export type RuleNote = z.infer<typeof ruleNoteSchema>;

/** GET …/segments/:segmentId */
export const segmentSchema = z.object({
  id: segmentIdSchema,
  name: z.string(),
  description: z.string(),
  rule: segmentRuleSchema,
  state: z.enum(['active', 'archived']),
  /** Null until everybody has been looked at for the first time. */
  people: z.number().int().nullable(),
  /** Of everybody, 0 to 1. */
  share: z.number().nullable(),
  /** Everybody is being looked at because the rule is new; until then membership is that of the rule before. */
  computing: z.object({ done: z.number(), total: z.number() }).nullable(),
  entered7d: z.number().int(),
  left7d: z.number().int(),
  /** People at the end of each of the last 30 days, oldest first; days before the segment was are left out. */
  sizes: z.array(z.object({ day: dateSchema, people: z.number().int() })),
  changedAt: instantSchema.nullable().meta({ description: 'Somebody entered or left last' }),
  warnings: z.array(ruleNoteSchema),
  /** Segments whose rules name this one. */
  usedBy: z.array(z.object({ id: segmentIdSchema, name: z.string() })),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});
export type Segment = z.infer<typeof segmentSchema>;

/** GET …/segments?search=&state=&sort= */
export const segmentsQuerySchema = pageQuerySchema.extend({
  search: z.string().trim().max(120).optional(),
  state: z.enum(['active', 'archived']).default('active'),
  sort: z.enum(['newest', 'name', 'people', 'changed']).default('newest'),
});
export type SegmentsQuery = z.input<typeof segmentsQuerySchema>;

/** POST …/segments */
export const segmentCreateSchema = z.strictObject({
  name: segmentNameSchema,
  description: descriptionSchema.default(''),
  rule: segmentRuleSchema,
});
export type SegmentCreate = z.input<typeof segmentCreateSchema>;

/** PATCH …/segments/:segmentId ; POST …/segments/:segmentId/archive, …/restore */
export const segmentUpdateSchema = z.strictObject({
  name: segmentNameSchema.optional(),
  description: descriptionSchema.optional(),
  rule: segmentRuleSchema.optional(),
});
export type SegmentUpdate = z.infer<typeof segmentUpdateSchema>;

/** POST …/segments/preview: who a rule that is not saved would take in. */
export const segmentPreviewRequestSchema = z.strictObject({
  rule: segmentRuleSchema,
  /** The segment being edited, so that it is not named as a duplicate of itself and may not contain itself. */
  segmentId: segmentIdSchema.optional(),
  sample: z.number().int().min(0).max(50).default(10),
});
export type SegmentPreviewRequest = z.input<typeof segmentPreviewRequestSchema>;
export const segmentPreviewSchema = z.object({
  people: z.number().int(),
  /** Half width of the 95 % interval; 0: counted, not estimated. */
  margin: z.number(),
  everyone: z.number().int(),
  sample: z.array(personRowSchema),
  warnings: z.array(ruleNoteSchema),
  /** Another segment with the same rule. */
  duplicateOf: z.object({ id: segmentIdSchema, name: z.string() }).nullable(),
  elapsedMs: z.number(),
  query: askedQuerySchema,
});
export type SegmentPreview = z.infer<typeof segmentPreviewSchema>;

/** GET …/segments/:segmentId/members?search=&cursor= : latest to enter first. */
export const segmentMembersQuerySchema = pageQuerySchema.extend({ search: z.string().trim().max(320).optional() });
export const segmentMemberSchema = personRowSchema.extend({ enteredAt: instantSchema.nullable() });
export type SegmentMember = z.infer<typeof segmentMemberSchema>;

/** GET …/segments/:segmentId/size?from=&to= → a panel with day, people, entered, left. */
export const segmentSizeQuerySchema = z.strictObject({ from: dateSchema, to: dateSchema });

/** POST …/segments/overlap */
export const segmentOverlapRequestSchema = z.strictObject({
  segmentIds: z
    .array(segmentIdSchema)
    .min(2)
    .max(6)
    .refine((ids) => new Set(ids).size === ids.length, 'name each segment once'),
});
export const segmentOverlapSchema = z.object({
  sets: z.array(z.object({ id: segmentIdSchema, name: z.string(), people: z.number().int() })),
  /** Largest first. Each counts people who are in exactly these of the sets and in no other of them. */
  intersections: z.array(z.object({ segmentIds: z.array(segmentIdSchema), people: z.number().int() })),
  query: askedQuerySchema,
});
export type SegmentOverlap = z.infer<typeof segmentOverlapSchema>;

/** POST …/segments/compare: with another segment, or with everybody who is not in it (null). */
export const segmentCompareRequestSchema = z
  .strictObject({ segmentId: segmentIdSchema, withId: segmentIdSchema.nullable().default(null) })
  .refine(({ segmentId, withId }) => segmentId !== withId, {
    path: ['withId'],
    error: 'name another segment, or null',
  });
export const segmentDifferenceSchema = z.object({
  /** number: an amount a person; event: who did it in the last 90 days; text: a value of a trait. */
  kind: z.enum(['number', 'event', 'text']),
  name: z.string(),
  /** Of a text: the value that differs most. */
  value: z.string().nullable(),
  /** Means, of money in the currency's own unit, or shares of people. */
  here: z.number(),
  there: z.number(),
  measure: z.enum(['cohens_d', 'rate_ratio', 'cramers_v']),
  /** With its 95 % interval; null where nobody differs within the sides. Cramér's V has no interval. */
  effect: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** 0 none to 1 largest, as if both sides had equally many people: what differences are sorted by. */
  strength: z.number(),
});
export type SegmentDifference = z.infer<typeof segmentDifferenceSchema>;
export const segmentComparisonSchema = z.object({
  here: z.object({ id: segmentIdSchema, name: z.string(), people: z.number().int() }),
  /** Without id and name: everybody who is not in it. */
  there: z.object({ id: segmentIdSchema.nullable(), name: z.string(), people: z.number().int() }),
  /** Strongest first; only those that are clear at 95 %. */
  differences: z.array(segmentDifferenceSchema),
  /** Why there is nothing to compare, when there is not. */
  note: saidNoteSchema.nullable(),
  query: askedQuerySchema,
});
export type SegmentComparison = z.infer<typeof segmentComparisonSchema>;

/** The rule as a tree, each part with what it found in one person. */
export type RuleFinding = {
  path: string;
  kind: 'all' | 'any' | 'not' | (typeof segmentConditionKinds)[number];
  holds: boolean;
  /** What the person has: a number, a text, an instant. */
  value: string | number | boolean | null;
  /** With no new event, the earliest instant at which this could be different. */
  changesAt: string | null;
  of: RuleFinding[];
};
export const ruleFindingSchema: z.ZodType<RuleFinding> = z
  .object({
    path: z.string(),
    kind: z.enum(['all', 'any', 'not', ...segmentConditionKinds]),
    holds: z.boolean(),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    changesAt: instantSchema.nullable(),
    get of(): z.ZodType<RuleFinding[]> {
      return z.array(ruleFindingSchema);
    },
  })
  .meta({ id: 'SegmentRuleFinding' });

/** POST …/segments/why: is this person in it, and why. A saved segment by its id, or a rule. */
export const segmentWhyRequestSchema = z
  .strictObject({
    profileId: idStringSchema,
    segmentId: segmentIdSchema.optional(),
    rule: segmentRuleSchema.optional(),
  })
  .refine((why) => (why.segmentId === undefined) !== (why.rule === undefined), 'give segmentId or rule, one of them');
export const segmentWhySchema = z.object({
  profileId: idStringSchema,
  isIn: z.boolean(),
  /** What is kept of the segment; null for a rule. It follows `isIn` within two seconds. */
  isKept: z.boolean().nullable(),
  enteredAt: instantSchema.nullable(),
  rule: segmentRuleSchema,
  finding: ruleFindingSchema,
  asOf: instantSchema,
});
export type SegmentWhy = z.infer<typeof segmentWhySchema>;

/** POST …/segments/from-words: a sentence → a rule to edit. */
export const segmentFromWordsRequestSchema = z.strictObject({
  text: z.string().trim().min(1).max(1_000),
  locale: localeSchema.optional(),
});
export const segmentFromWordsSchema = z.object({
  /** Null when nothing was understood. */
  rule: segmentRuleSchema.nullable(),
  /** Pieces of the text that are in the rule, each with the place of its condition. */
  understood: z.array(z.object({ text: z.string(), path: z.string() })),
  notUnderstood: z.array(z.string()),
  by: z.enum(['grammar', 'model']),
  warnings: z.array(ruleNoteSchema),
});
export type SegmentFromWords = z.infer<typeof segmentFromWordsSchema>;

/** GET …/segments/vocabulary: what rules can be made of. */
const knownValueSchema = z.object({ value: z.string(), people: z.number().int() });
const knownFieldSchema = z.object({
  name: z.string(),
  type: z.enum(['text', 'number', 'boolean', 'date', 'list']),
  /** Most frequent first, at most 50. */
  values: z.array(knownValueSchema),
});
export const segmentVocabularySchema = z.object({
  /** Most frequent first. */
  events: z.array(z.object({ name: z.string(), events: z.number().int(), properties: z.array(knownFieldSchema) })),
  traits: z.array(knownFieldSchema),
  computed: z.array(knownFieldSchema),
  purchase: z.array(knownFieldSchema),
  consents: z.array(z.string()),
  places: z.object({
    country: z.array(knownValueSchema),
    region: z.array(knownValueSchema),
    city: z.array(knownValueSchema),
  }),
  asOf: instantSchema,
});
export type SegmentVocabulary = z.infer<typeof segmentVocabularySchema>;

/** GET …/people/:profileId/segments */
export const personSegmentSchema = z.object({
  id: segmentIdSchema,
  name: z.string(),
  enteredAt: instantSchema.nullable(),
});
export type PersonSegment = z.infer<typeof personSegmentSchema>;
