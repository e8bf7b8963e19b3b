import { z } from 'zod';
import { currencySchema, instantSchema, localeSchema, roleSchema, scopeSchema, timeZoneSchema } from './basics.ts';

/** GET, PATCH /api/workspaces/:workspaceId ; POST /api/workspaces */
export const workspaceSettingsSchema = z.object({
  /** Free text in events and reviews: replace e-mail, phone, id and card numbers by a mark such as [email]. */
  maskFreeText: z.boolean().default(true),
  /** Country assumed for phone numbers without a country code. */
  phoneCountry: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .default('CN'),
  /** Events older than this are quarantined as too_old. */
  oldestEventDays: z.number().int().min(1).max(36_500).default(3_650),
  identifiersPerProfileMax: z.number().int().min(2).max(1_000).default(50),
  mergesPerProfileMax: z.number().int().min(1).max(1_000).default(100),
  /** An identifier seen with more known people than this (a till, a family tablet) joins nobody. Default 20. */
  peoplePerIdentifierMax: z.number().int().min(1).max(1_000).nullable().optional(),
  /** Values that are nobody, besides the built-in ones (null, guest, -1, …). */
  blockedIdentifiers: z.array(z.string().max(200)).max(1_000).optional(),
});
export type WorkspaceSettings = z.infer<typeof workspaceSettingsSchema>;

export const workspaceSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  locale: localeSchema,
  isDemo: z.boolean(),
  createdAt: instantSchema,
  settings: workspaceSettingsSchema,
});
export type Workspace = z.infer<typeof workspaceSchema>;

export const workspaceCreateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  timeZone: timeZoneSchema.default('UTC'),
  currency: currencySchema.default('USD'),
  locale: localeSchema.default('en'),
});
export type WorkspaceCreate = z.infer<typeof workspaceCreateSchema>;

export const workspaceUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  timeZone: timeZoneSchema.optional(),
  currency: currencySchema.optional(),
  locale: localeSchema.optional(),
  settings: z.strictObject(workspaceSettingsSchema.shape).partial().optional(),
});
export type WorkspaceUpdate = z.infer<typeof workspaceUpdateSchema>;

/** GET …/members, POST …/members, PATCH|DELETE …/members/:operatorId */
export const memberSchema = z.object({
  operatorId: z.number().int(),
  email: z.string(),
  name: z.string(),
  role: roleSchema,
  joinedAt: instantSchema,
  lastSeenAt: instantSchema.nullable(),
});
export type Member = z.infer<typeof memberSchema>;
export const memberCreateSchema = z.strictObject({
  email: z.email().max(254),
  name: z.string().trim().max(120).default(''),
  role: roleSchema,
});
/** A new operator gets a first password, shown once; an existing one is only added. */
export const memberCreatedSchema = z.object({ member: memberSchema, firstPassword: z.string().nullable() });
export const memberUpdateSchema = z.strictObject({ role: roleSchema });

/** GET …/sources, POST …/sources, PATCH …/sources/:sourceId */
export const sourceKindSchema = z.enum(['web', 'server', 'app', 'import', 'catalogue', 'demo']);
export const sourceSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  kind: sourceKindSchema,
  writeKey: z.string(),
  allowedOrigins: z.array(z.string()),
  eventsPerSecondMax: z.number().int().nullable(),
  createdAt: instantSchema,
  disabledAt: instantSchema.nullable(),
  /** Last 24 hours. */
  recent: z.object({
    valid: z.number().int(),
    duplicate: z.number().int(),
    quarantined: z.number().int(),
    lastReceivedAt: instantSchema.nullable(),
  }),
});
export type Source = z.infer<typeof sourceSchema>;
export const sourceCreateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  kind: z.enum(['web', 'server', 'app', 'catalogue']),
  allowedOrigins: z.array(z.url()).max(50).default([]),
});
export const sourceUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  allowedOrigins: z.array(z.url()).max(50).optional(),
  eventsPerSecondMax: z.number().int().min(1).nullable().optional(),
  disabled: z.boolean().optional(),
  /** Makes a new write key; the old one stops working at once. */
  rotate: z.literal(true).optional(),
});

/** GET …/api-keys, POST …/api-keys, DELETE …/api-keys/:keyId */
export const apiKeySchema = z.object({
  id: z.number().int(),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(scopeSchema),
  createdAt: instantSchema,
  lastUsedAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;
export const apiKeyCreateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  scopes: z.array(scopeSchema).min(1),
});
export const apiKeyCreatedSchema = z.object({
  key: apiKeySchema,
  secret: z.string().meta({ description: 'Shown once' }),
});

/** GET …/audit?cursor&limit&action */
export const auditEntrySchema = z.object({
  id: z.string(),
  at: instantSchema,
  actor: z.object({
    kind: z.enum(['operator', 'api_key', 'system']),
    id: z.number().int().nullable(),
    name: z.string(),
  }),
  action: z.string().meta({ description: 'noun.verb, such as source.create' }),
  target: z.object({ kind: z.string(), id: z.string() }),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
/** GET …/audit/verify: recomputes the hash chain. */
export const auditVerifiedSchema = z.object({ entries: z.number().int(), brokenAt: z.string().nullable() });

/** GET …/jobs, POST …/jobs/:jobId/cancel, POST …/jobs/:jobId/retry */
export const jobSchema = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['created', 'retry', 'active', 'completed', 'cancelled', 'failed']),
  attempts: z.number().int(),
  attemptsMax: z.number().int(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
  nextAttemptAt: instantSchema.nullable(),
  error: z.string().nullable(),
  subject: z.string().meta({ description: 'What it works on, such as import 12' }),
  /** Of a running job that tells. */
  progress: z.object({ done: z.number(), total: z.number().nullable() }).nullable().optional(),
});
export type Job = z.infer<typeof jobSchema>;
export const scheduleSchema = z.object({ name: z.string(), cron: z.string(), timeZone: z.string(), says: z.string() });
export const jobsSchema = z.object({
  rows: z.array(jobSchema),
  nextCursor: z.string().nullable(),
  schedules: z.array(scheduleSchema),
});

/** GET …/properties, PATCH …/properties: personal data found in events, and what is done with it. */
export const personalClassSchema = z.enum([
  'none',
  'email',
  'phone',
  'name',
  'address',
  'chinese_id',
  'bank_card',
  'birthday',
  'ip_address',
  'custom',
]);
export const propertyActionSchema = z.enum(['keep', 'mask', 'vault', 'remove']);
export const propertySchema = z.object({
  property: z.string().meta({ description: 'Path such as properties.email or traits.phone' }),
  class: personalClassSchema,
  action: propertyActionSchema,
  /** False: the built-in rule decided. */
  decidedHere: z.boolean(),
  valueType: z.string(),
  records: z.number().int(),
  lastSeenAt: instantSchema.nullable(),
});
export type Property = z.infer<typeof propertySchema>;
export const propertyUpdateSchema = z.strictObject({
  property: z.string().min(1).max(200),
  class: personalClassSchema.optional(),
  action: propertyActionSchema,
});
