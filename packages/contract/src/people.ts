import { z } from 'zod';
import { idStringSchema, instantSchema, pageQuerySchema } from './basics.ts';

export const identitySchema = z.object({
  identityId: idStringSchema,
  kind: z.enum(['user_id', 'unionid', 'openid', 'email', 'phone', 'device_id', 'anonymous_id']),
  /** In clear with `people:reveal`, masked (a***@b.c) without. */
  value: z.string(),
  firstSeenAt: instantSchema,
});

/** GET …/people?search=&sort=&cursor=&limit= : search is any whole identifier (e-mail, phone, user id, name, device, WeChat id, profile id). */
export const peopleQuerySchema = pageQuerySchema.extend({
  search: z.string().trim().max(320).optional(),
  sort: z.enum(['last_seen', 'first_seen', 'revenue', 'orders', 'events']).default('last_seen'),
});
export type PeopleQuery = z.input<typeof peopleQuerySchema>;

export const personRowSchema = z.object({
  profileId: idStringSchema,
  /** Name, else e-mail, else user id, else "Visitor 4f2a". */
  displayName: z.string(),
  isKnown: z.boolean(),
  firstSeenAt: instantSchema.nullable(),
  lastSeenAt: instantSchema.nullable(),
  events: z.number().int(),
  orders: z.number().int(),
  revenueMinor: z.number(),
  currency: z.string(),
});
export type PersonRow = z.infer<typeof personRowSchema>;

/** GET …/people/:profileId. A merged profile's old id answers with the profile it became. */
export const personSchema = personRowSchema.extend({
  identities: z.array(identitySchema),
  /** Identifiers joined into this profile, newest first; each can be taken back. */
  merges: z.array(
    z.object({
      lowId: idStringSchema,
      highId: idStringSchema,
      lowLabel: z.string(),
      highLabel: z.string(),
      joinedAt: instantSchema,
      source: z.string(),
    }),
  ),
  traits: z.array(
    z.object({
      name: z.string(),
      value: z.unknown(),
      isPersonal: z.boolean(),
      occurredAt: instantSchema,
      source: z.string(),
    }),
  ),
  /** What is computed: by aggregates of the brand's own, RFM, clusters and predictions. */
  computedTraits: z.array(
    z.object({
      name: z.string().meta({ description: 'Such as favourite_category, rfm.group, churn.probability' }),
      value: z.unknown(),
      computedAt: instantSchema,
      source: z.string().meta({ description: 'What computed it, such as trait:12, rfm, prediction:3' }),
    }),
  ),
  consent: z.array(
    z.object({ purpose: z.string(), granted: z.boolean(), occurredAt: instantSchema, source: z.string() }),
  ),
  value: z.object({
    orders: z.number().int(),
    revenueMinor: z.number(),
    refundedMinor: z.number(),
    averageOrderMinor: z.number().nullable(),
    firstOrderAt: instantSchema.nullable(),
    lastOrderAt: instantSchema.nullable(),
    daysSinceLastOrder: z.number().nullable(),
  }),
  /** Events a week over the last 52 weeks, oldest first; 52 numbers. */
  activity: z.array(z.object({ week: z.string(), events: z.number().int() })),
  favourites: z.array(z.object({ itemId: z.string(), name: z.string(), views: z.number().int(), bought: z.number() })),
  groups: z.array(z.object({ groupId: z.string(), name: z.string() })),
});
export type Person = z.infer<typeof personSchema>;

export const eventRowSchema = z.object({
  messageKey: z.string(),
  profileId: idStringSchema,
  type: z.string(),
  name: z.string(),
  occurredAt: instantSchema,
  receivedAt: instantSchema,
  source: z.string(),
  properties: z.record(z.string(), z.unknown()),
  context: z.record(z.string(), z.unknown()),
  repairs: z.array(z.string()),
});
export type EventRow = z.infer<typeof eventRowSchema>;

/** GET …/people/:profileId/events?cursor&limit&name */
export const personEventsQuerySchema = pageQuerySchema.extend({ name: z.string().max(200).optional() });

/** POST …/people/:profileId/unmerge: takes one merge back, for all history, at once. POST …/remerge undoes that. */
export const unmergeRequestSchema = z.strictObject({ lowId: idStringSchema, highId: idStringSchema });
export const unmergedSchema = z.object({ profileIds: z.array(idStringSchema) });

/** GET …/identity/refusals: merges that were not made, and why. */
export const refusalSchema = z.object({
  lowId: idStringSchema,
  highId: idStringSchema,
  lowLabel: z.string(),
  highLabel: z.string(),
  lowProfileId: idStringSchema,
  highProfileId: idStringSchema,
  reason: z.enum(['two_known_people', 'too_many_identifiers', 'too_many_merges', 'shared_identifier', 'cut']),
  seenAt: instantSchema,
});
export type Refusal = z.infer<typeof refusalSchema>;

/** GET …/decisions?profileId=&surface=&cursor= : the decision ledger. */
export const decisionSchema = z.object({
  decisionId: z.string(),
  profileId: idStringSchema,
  decidedAt: instantSchema,
  surface: z.string(),
  action: z.string(),
  candidates: z.array(z.string()),
  scores: z.array(z.number()),
  model: z.string(),
  modelVersion: z.string(),
  propensity: z.number(),
  experiment: z.string(),
  arm: z.string(),
  reasons: z.array(z.unknown()),
  consentBasis: z.string(),
  policyChecks: z.array(z.unknown()),
});
export const decisionsQuerySchema = pageQuerySchema.extend({
  profileId: idStringSchema.optional(),
  surface: z.string().max(120).optional(),
});
