import { z } from 'zod';
import { instantSchema, pageQuerySchema } from './basics.ts';

const idSchema = z.number().int().min(1);
const nameSchema = z.string().trim().min(1).max(120);
const urlSchema = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with http:// or https://' })
  .max(2_000)
  .refine((url) => !new URL(url).username, 'must not hold a password: give it beside the address');

/** POST …/destinations */
export const destinationCreateSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('webhook'),
    name: nameSchema,
    url: urlSchema,
    /** Signs what is sent. Left out: one is made, and told once. */
    secret: z.string().min(16).max(200).optional(),
  }),
  z.strictObject({
    kind: z.literal('clickhouse'),
    name: nameSchema,
    url: urlSchema,
    table: z
      .string()
      .regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, 'must be a table, or database.table')
      .max(200),
    user: z.string().max(120).default('default'),
    password: z.string().max(500).default(''),
  }),
]);
export type DestinationCreate = z.input<typeof destinationCreateSchema>;

/** GET …/destinations */
export const destinationSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  kind: z.enum(['webhook', 'clickhouse']),
  url: z.string(),
  table: z.string().nullable(),
  user: z.string().nullable(),
  createdAt: instantSchema,
  /** Segments of which it hears who enters and leaves. */
  subscriptions: z.number().int(),
});
export type Destination = z.infer<typeof destinationSchema>;
/** The secret of a webhook is told when it is made, and never again. */
export const destinationCreatedSchema = destinationSchema.extend({ secret: z.string().nullable() });
/** POST …/destinations/:destinationId/test */
export const destinationTestedSchema = z.object({ ok: z.boolean(), said: z.string(), elapsedMs: z.number() });
export type DestinationTested = z.infer<typeof destinationTestedSchema>;

/** Columns of an export. Those of `identifierColumns` are direct identifiers and need people:reveal. */
export const identifierColumns = ['name', 'email', 'phone', 'user_id'] as const;
export const plainColumns = [
  'profile_id',
  'first_seen_at',
  'last_seen_at',
  'events',
  'orders',
  'revenue',
  'currency',
  'tags',
] as const;
export const audienceColumnSchema = z.union([
  z.enum(identifierColumns),
  z.enum(plainColumns),
  z.templateLiteral(['trait:', z.string().min(1).max(200)]),
  z.templateLiteral(['computed:', z.string().min(1).max(200)]),
]);
export type AudienceColumn = z.infer<typeof audienceColumnSchema>;
const columnsSchema = z
  .array(audienceColumnSchema)
  .min(1)
  .max(60)
  .refine((columns) => new Set(columns).size === columns.length, 'name each column once');

/** POST …/audience-exports */
export const audienceExportCreateSchema = z
  .strictObject({
    segmentId: idSchema.optional(),
    listId: idSchema.optional(),
    to: z.union([
      z.strictObject({ format: z.enum(['csv', 'parquet']) }),
      z.strictObject({ format: z.literal('destination'), destinationId: idSchema }),
    ]),
    columns: columnsSchema,
  })
  .refine((create) => (create.segmentId === undefined) !== (create.listId === undefined), 'give segmentId or listId');
export type AudienceExportCreate = z.input<typeof audienceExportCreateSchema>;

/** GET …/audience-exports?segmentId=&listId= ; GET …/audience-exports/:exportId/file */
export const audienceExportSchema = z.object({
  id: z.number().int(),
  segmentId: z.number().int().nullable(),
  listId: z.number().int().nullable(),
  of: z.string().meta({ description: 'Name of the segment or list' }),
  format: z.enum(['csv', 'parquet', 'destination']),
  destination: z.object({ id: z.number().int(), name: z.string() }).nullable(),
  columns: z.array(z.string()),
  state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
  rowsTotal: z.number().int(),
  rowsDone: z.number().int(),
  sizeBytes: z.number(),
  error: z.string().nullable(),
  by: z.string().nullable(),
  createdAt: instantSchema,
  endedAt: instantSchema.nullable(),
  /** The file can be fetched until then. */
  expiresAt: instantSchema.nullable(),
});
export type AudienceExport = z.infer<typeof audienceExportSchema>;
export const audienceExportsQuerySchema = pageQuerySchema.extend({
  segmentId: z.coerce.number().int().min(1).optional(),
  listId: z.coerce.number().int().min(1).optional(),
});

/** POST …/segments/:segmentId/subscriptions: from then on the destination hears of everybody who enters or leaves. */
export const subscriptionCreateSchema = z.strictObject({
  destinationId: idSchema,
  columns: columnsSchema.default(['profile_id']),
});
export type SubscriptionCreate = z.input<typeof subscriptionCreateSchema>;
export const subscriptionSchema = z.object({
  id: z.number().int(),
  segmentId: z.number().int(),
  destination: z.object({ id: z.number().int(), name: z.string() }),
  columns: z.array(z.string()),
  enabled: z.boolean(),
  deliveredAt: instantSchema.nullable(),
  /** Changes that wait: while a destination does not answer they are tried again, ever more slowly. */
  waiting: z.number().int(),
  retryAt: instantSchema.nullable(),
  error: z.string().nullable(),
});
export type Subscription = z.infer<typeof subscriptionSchema>;
export const subscriptionUpdateSchema = z.strictObject({ enabled: z.boolean() });
