import { z } from 'zod';
import { askedQuerySchema, dateSchema, idStringSchema, instantSchema, pageQuerySchema, panelSchema } from './basics.ts';
import { personRowSchema } from './people.ts';

/** The classic eight: recency, frequency and money each above the line or below it. The order is that of R, F, M as bits. */
export const rfmGroups8 = [
  'important_value',
  'important_develop',
  'important_keep',
  'important_win_back',
  'general_value',
  'general_develop',
  'general_keep',
  'general_win_back',
] as const;
export type RfmGroup8 = (typeof rfmGroups8)[number];

/** The eleven by recency against frequency and money together, from the best to the worst. */
export const rfmGroups11 = [
  'champions',
  'loyal',
  'potential_loyalists',
  'new_customers',
  'promising',
  'need_attention',
  'about_to_sleep',
  'cannot_lose',
  'at_risk',
  'hibernating',
  'lost',
] as const;
export type RfmGroup11 = (typeof rfmGroups11)[number];

const cutsSchema = z
  .array(z.number().min(0))
  .length(4)
  .refine((cuts) => cuts.every((cut, at) => at === 0 || cut > (cuts[at - 1] ?? 0)), 'must rise');
const scoreSchema = z.number().int().min(2).max(5);

export const rfmSettingsSchema = z.strictObject({
  /** Orders older than this do not count; null: all of them do. */
  windowDays: z.number().int().min(30).max(3_650).nullable().default(null),
  /** together: people with equal values get equal scores. split: fifths of equal size, ties by id. */
  ties: z.enum(['together', 'split']).default('together'),
  /** Limits between the five scores, four rising numbers each; null: fifths of the people. Money in major units. */
  cuts: z.strictObject({ recencyDays: cutsSchema, orders: cutsSchema, spent: cutsSchema }).nullable().default(null),
  /** From which score on something counts as high for the eight groups. */
  highFrom: z
    .strictObject({ recency: scoreSchema, frequency: scoreSchema, money: scoreSchema })
    .default({ recency: 4, frequency: 4, money: 4 }),
});
export type RfmSettings = z.infer<typeof rfmSettingsSchema>;

/** An event between two people, and the property that names the other one. */
export const graphEdgeSchema = z.strictObject({
  event: z.string().trim().min(1).max(200),
  property: z
    .string()
    .regex(/^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u, 'must be a name or a path such as referrer_id'),
  /** Who gains influence: who did it, or who the property names. */
  towards: z.enum(['actor', 'other']),
  weight: z.number().min(0.01).max(100).default(1),
});
export type GraphEdge = z.infer<typeof graphEdgeSchema>;

export const customerSettingsSchema = z.strictObject({
  rfm: rfmSettingsSchema.default(rfmSettingsSchema.parse({})),
  /** Null: what comes with the program. */
  edges: z.array(graphEdgeSchema).min(1).max(30).nullable().default(null),
});
export type CustomerSettings = z.infer<typeof customerSettingsSchema>;
/** GET, PUT …/customers/settings */
export const customerSettingsAnswerSchema = z.object({
  rfm: rfmSettingsSchema,
  edges: z.array(graphEdgeSchema),
  edgesAreDefault: z.boolean(),
});
export type CustomerSettingsAnswer = z.infer<typeof customerSettingsAnswerSchema>;

/** What is odd about the data that numbers were made of, and how often. */
export const customerNoteSchema = z.object({
  code: z.enum([
    'no_orders',
    'few_people',
    'future_orders',
    'other_currency',
    'refunds_exceed_orders',
    'refunds_without_order',
    'all_refunded',
    'equal_values',
    'constant_features',
    'clamped_outliers',
    'unmatched_people',
    'no_edges',
  ]),
  count: z.number().int(),
  /** Names of features or measures it is about. */
  names: z.array(z.string()).default([]),
});
export type CustomerNote = z.infer<typeof customerNoteSchema>;

const rfmGroupRowSchema = z.object({
  people: z.number().int(),
  share: z.number(),
  spentMinor: z.number(),
  spentShare: z.number(),
  /** Means of the group. */
  recencyDays: z.number(),
  orders: z.number(),
  spentEachMinor: z.number(),
});
const rangeSchema = z.object({ from: z.number(), to: z.number() }).nullable();

/** GET …/customers/rfm?at= */
export const rfmQuerySchema = z.strictObject({ at: dateSchema.optional() });
export const rfmSchema = z.object({
  /** Orders before this instant count. */
  at: instantSchema,
  people: z.number().int(),
  currency: z.string(),
  groups8: z.array(rfmGroupRowSchema.extend({ group: z.enum(rfmGroups8) })),
  groups11: z.array(rfmGroupRowSchema.extend({ group: z.enum(rfmGroups11) })),
  /** 25 cells: recency score against the mean of frequency and money. */
  cells: z.array(z.object({ recency: z.number().int(), value: z.number().int(), people: z.number().int() })),
  /** What each score from 1 to 5 stands for: days, orders, minor units. Null where nobody has it. */
  scores: z.array(
    z.object({ score: z.number().int(), recencyDays: rangeSchema, orders: rangeSchema, spentMinor: rangeSchema }),
  ),
  notes: z.array(customerNoteSchema),
  /** When people got their groups as computed traits last. */
  savedAt: instantSchema.nullable(),
  query: askedQuerySchema,
});
export type Rfm = z.infer<typeof rfmSchema>;

/** GET …/customers/rfm/migration?from=&to= : who was where, and is where now. An empty group: no customer yet, or no more. */
export const rfmMigrationQuerySchema = z.strictObject({ from: dateSchema, to: dateSchema.optional() });
export const rfmMigrationSchema = z.object({
  from: instantSchema,
  to: instantSchema,
  moves: z.array(
    z.object({
      from: z.union([z.enum(rfmGroups11), z.literal('')]),
      to: z.union([z.enum(rfmGroups11), z.literal('')]),
      people: z.number().int(),
    }),
  ),
  query: askedQuerySchema,
});
export type RfmMigration = z.infer<typeof rfmMigrationSchema>;

/** GET …/customers/people?group11=&group8=&cluster=&community= : who spent most first. */
export const customerPeopleQuerySchema = pageQuerySchema.extend({
  group11: z.enum(rfmGroups11).optional(),
  group8: z.enum(rfmGroups8).optional(),
  cluster: z.coerce.number().int().min(1).optional(),
  community: z.coerce.number().int().min(1).optional(),
});
export type CustomerPeopleQuery = z.output<typeof customerPeopleQuerySchema>;
export const customerPersonSchema = personRowSchema;

/** GET …/customers/panels/:panel : value = tenths of the people by what they spent; cohorts = month of the first order against months since. */
export const customerPanelNameSchema = z.enum(['value', 'cohorts']);
export type CustomerPanelName = z.infer<typeof customerPanelNameSchema>;
export const customerPanelSchema = panelSchema;

/** Work that takes a while: grouping, clusters, look-alikes, the graph. */
export const customerRunKinds = ['rfm', 'clusters', 'look_alike', 'graph'] as const;
export type CustomerRunKind = (typeof customerRunKinds)[number];
export const customerRunSchema = z.object({
  id: z.number().int(),
  kind: z.enum(customerRunKinds),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  stage: z.enum(['', 'read', 'choose', 'fit', 'describe', 'save']),
  progress: z.number(),
  startedBy: z.enum(['schedule', 'operator', 'api_key']),
  /** Why it failed: a code of what is known to go wrong, or `internal`. */
  failure: z
    .object({ code: z.enum(['too_few_people', 'one_class', 'no_edges', 'internal']), text: z.string() })
    .nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});
export type CustomerRun = z.infer<typeof customerRunSchema>;

export const clusterMethods = ['auto', 'k-means', 'mixture', 'autoencoder'] as const;
/** POST …/customers/runs */
export const customerRunCreateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rfm') }),
  z.strictObject({ kind: z.literal('graph') }),
  z.strictObject({
    kind: z.literal('clusters'),
    method: z.enum(clusterMethods).default('auto'),
    /** Null: chosen. */
    k: z.number().int().min(2).max(12).nullable().default(null),
    who: z.enum(['buyers', 'active']).default('buyers'),
  }),
  z.strictObject({
    kind: z.literal('look_alike'),
    name: z.string().trim().min(1).max(120),
    /** Whom to look like: the people of a segment or a list, or the people with this value of a computed trait. */
    seed: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('segment'), segmentId: z.number().int().min(1) }),
      z.strictObject({ kind: z.literal('list'), listId: z.number().int().min(1) }),
      z.strictObject({
        kind: z.literal('computed'),
        name: z.string().min(1).max(120),
        value: z.union([z.string().max(200), z.number()]),
      }),
    ]),
  }),
]);
export type CustomerRunCreate = z.output<typeof customerRunCreateSchema>;

const wordsSchema = z.object({ en: z.string(), 'zh-CN': z.string() });
const featureSchema = z.object({
  key: z.string(),
  words: wordsSchema,
  unit: z.enum(['count', 'days', 'share', 'money', 'ratio', 'stars', 'number', 'category']),
});

/** Names that a cluster can get from what sets it apart. `by_feature`: none of them fits, its strongest difference names it. */
export const clusterNames = [
  'high_value_regulars',
  'regulars',
  'big_spenders',
  'bargain_hunters',
  'newcomers',
  'sleepers',
  'window_shoppers',
  'cart_fillers',
  'returners',
  'explorers',
  'night_owls',
  'weekenders',
  'one_time_buyers',
  'occasional_buyers',
  'by_feature',
] as const;
export type ClusterName = (typeof clusterNames)[number];

export const clusterSchema = z.object({
  /** Stays with the cluster over time: the value of the computed trait `cluster.behaviour`. */
  key: z.number().int(),
  name: z.enum(clusterNames),
  /** Given by an operator; stronger than the name. */
  label: z.string().nullable(),
  people: z.number().int(),
  share: z.number(),
  spentMinor: z.number(),
  spentShare: z.number(),
  /** Strongest first: Cohen's d against everybody else, and the plain means. */
  differences: z.array(
    z.object({ feature: z.string(), effect: z.number(), mean: z.number().nullable(), others: z.number().nullable() }),
  ),
  /** Share of members in common with the cluster it goes on from; null: it was not there before. */
  overlap: z.number().nullable(),
});
export type Cluster = z.infer<typeof clusterSchema>;

/** GET …/customers/clusters: what the last finished run found. */
export const clusteringSchema = z.object({
  run: customerRunSchema,
  at: instantSchema,
  who: z.enum(['buyers', 'active']),
  people: z.number().int(),
  method: z.enum(['k-means', 'mini-batch', 'mixture', 'autoencoder']),
  k: z.number().int(),
  kChosen: z.boolean(),
  /** Silhouette and stability are between −1 and 1; stable is .6 and more. */
  curve: z.array(
    z.object({
      k: z.number().int(),
      inertia: z.number(),
      silhouette: z.number(),
      gap: z.number(),
      gapError: z.number(),
      stability: z.number(),
    }),
  ),
  methods: z.array(
    z.object({
      method: z.enum(['k-means', 'mini-batch', 'mixture', 'autoencoder']),
      k: z.number().int(),
      /** In the same space for all, so that they can be compared. */
      silhouette: z.number(),
      stability: z.number(),
    }),
  ),
  features: z.array(featureSchema),
  clusters: z.array(clusterSchema),
  /** A part of the people along the two directions in which they differ most. */
  map: z.object({
    shares: z.array(z.number()),
    axes: z.array(z.array(z.object({ feature: z.string(), weight: z.number() }))),
    points: z.array(z.tuple([z.number(), z.number(), z.number().int()])),
  }),
  notes: z.array(customerNoteSchema),
});
export type Clustering = z.infer<typeof clusteringSchema>;
export const clusteringAnswerSchema = z.object({
  clustering: clusteringSchema.nullable(),
  run: customerRunSchema.nullable().meta({ description: 'The latest run, done or not' }),
});
export type ClusteringAnswer = z.infer<typeof clusteringAnswerSchema>;
/** PATCH …/customers/clusters/:clusterKey ; null: back to the name from what sets it apart */
export const clusterUpdateSchema = z.strictObject({ label: z.string().trim().min(1).max(80).nullable() });

export const lookAlikeSchema = z.object({
  run: customerRunSchema,
  name: z.string(),
  seed: z.object({
    kind: z.enum(['segment', 'list', 'computed']),
    /** Id of the segment or list, or name and value of the trait. */
    name: z.string(),
    value: z.union([z.string(), z.number()]).nullable(),
    people: z.number().int().nullable(),
  }),
  result: z
    .object({
      at: instantSchema,
      /** Everybody who could be chosen: not in the seed. */
      others: z.number().int(),
      model: z.string(),
      auc: z.object({ value: z.number(), low: z.number(), high: z.number() }),
      /** From few to all: how many people are taken, how alike they are at least, and what share of the held-out seed they would hold. */
      curve: z.array(
        z.object({
          people: z.number().int(),
          /** Value of the computed trait from which on people are taken, 0 to 1. */
          score: z.number(),
          /** Cross-validated: share of the held-out seed that scores as high. */
          recall: z.number(),
          /** How many times as many of the held-out seed as among as many people drawn by chance. */
          lift: z.number(),
        }),
      ),
      reasons: z.array(
        z.object({
          feature: z.string(),
          words: wordsSchema,
          unit: featureSchema.shape.unit,
          importance: z.number(),
          seed: z.number().nullable(),
          others: z.number().nullable(),
        }),
      ),
      /** Computed trait that holds everybody's score. */
      trait: z.string(),
      notes: z.array(customerNoteSchema),
    })
    .nullable(),
});
export type LookAlike = z.infer<typeof lookAlikeSchema>;

/** GET …/customers/influence */
export const influenceSchema = z.object({
  run: customerRunSchema.nullable(),
  result: z
    .object({
      at: instantSchema,
      people: z.number().int(),
      links: z.number().int(),
      /** By event: how many were read, and how many named somebody who is known. */
      events: z.array(z.object({ event: z.string(), read: z.number().int(), matched: z.number().int() })),
      communities: z.array(
        z.object({
          key: z.number().int(),
          people: z.number().int(),
          spentMinor: z.number(),
          leaderId: idStringSchema,
          leaderName: z.string(),
        }),
      ),
      communityCount: z.number().int(),
      modularity: z.number(),
      notes: z.array(customerNoteSchema),
    })
    .nullable(),
  people: z.array(
    personRowSchema.extend({
      /** 0 to 100: share of the linked people with less influence. */
      influence: z.number(),
      reached: z.number().int().meta({ description: 'People who point to this one directly' }),
      reachedSpentMinor: z.number(),
      community: z.number().int().nullable(),
    }),
  ),
});
export type Influence = z.infer<typeof influenceSchema>;

/** GET …/companies?search=&sort=&cursor= */
export const companiesQuerySchema = pageQuerySchema.extend({
  search: z.string().trim().max(200).optional(),
  sort: z.enum(['spent', 'members', 'last_seen', 'name']).default('spent'),
});
export type CompaniesQuery = z.output<typeof companiesQuerySchema>;
export const companyRowSchema = z.object({
  groupId: z.string(),
  name: z.string(),
  members: z.number().int(),
  activeMembers: z.number().int().meta({ description: 'Seen in the last 30 days' }),
  events: z.number().int(),
  orders: z.number().int(),
  spentMinor: z.number(),
  currency: z.string(),
  firstSeenAt: instantSchema,
  lastSeenAt: instantSchema.nullable(),
});
export type CompanyRow = z.infer<typeof companyRowSchema>;
/** GET …/companies/:groupId */
export const companySchema = companyRowSchema.extend({
  traits: z.array(z.object({ name: z.string(), value: z.unknown(), occurredAt: instantSchema })),
  months: z.array(z.object({ month: dateSchema, events: z.number().int(), spentMinor: z.number() })),
  people: z.array(personRowSchema.extend({ joinedAt: instantSchema })),
});
export type Company = z.infer<typeof companySchema>;
