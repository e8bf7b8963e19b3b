import { z } from 'zod';
import { askedQuerySchema, instantSchema, pageQuerySchema, rangeQuerySchema } from './basics.ts';
import { saidNoteSchema, saidSchema } from './said.ts';

/** GET …/events?name=&sourceId=&search= : newest first, cursor by time. GET …/events/live: the same rows as server-sent events. */
export const eventsQuerySchema = pageQuerySchema.extend({
  name: z.string().max(200).optional(),
  sourceId: z.coerce.number().int().optional(),
});

/** GET …/health?from&to */
export const healthQuerySchema = rangeQuerySchema;
export const healthSchema = z.object({
  /** Over all time, exact: received = valid + duplicate + quarantined + pending. `difference` must be 0. */
  balance: z.object({
    received: z.number().int(),
    valid: z.number().int(),
    duplicate: z.number().int(),
    quarantined: z.number().int(),
    pending: z.number().int(),
    difference: z.number().int(),
  }),
  /** Age of the oldest record not yet cleaned, in ms; 0 when none waits. */
  oldestPendingMs: z.number(),
  days: z.array(
    z.object({ day: z.string(), valid: z.number().int(), duplicate: z.number().int(), quarantined: z.number().int() }),
  ),
  sources: z.array(
    z.object({
      sourceId: z.number().int(),
      name: z.string(),
      valid: z.number().int(),
      duplicate: z.number().int(),
      quarantined: z.number().int(),
    }),
  ),
  reasons: z.array(
    z.object({
      reason: z.string(),
      sourceId: z.number().int(),
      source: z.string(),
      day: z.string(),
      records: z.number().int(),
    }),
  ),
  repairs: z.array(z.object({ repair: z.string(), records: z.number().int() })),
  /** What stands behind the numbers: `outcomes` gave days, sources and reasons. What is pending was counted in the journal itself. */
  queries: z.object({ balance: askedQuerySchema, outcomes: askedQuerySchema, repairs: askedQuerySchema }),
  asOf: instantSchema,
});
export type Health = z.infer<typeof healthSchema>;

/** What quarantine is filtered by: list, preview, replay and discard take the same filter. */
export const quarantineFilterSchema = z.strictObject({
  reason: z.string().max(60).optional(),
  sourceId: z.coerce.number().int().optional(),
  importId: z.coerce.number().int().optional(),
  event: z.string().max(200).optional(),
  /** Looked for in the raw record. */
  text: z.string().max(200).optional(),
  state: z.enum(['open', 'replayed', 'discarded']).default('open'),
  recordKey: z.uuid().optional(),
});
export type QuarantineFilter = z.input<typeof quarantineFilterSchema>;
export const quarantineQuerySchema = quarantineFilterSchema.extend(pageQuerySchema.shape);

export const quarantineRowSchema = z.object({
  recordKey: z.string(),
  receivedAt: instantSchema,
  source: z.string(),
  sourceId: z.number().int(),
  importId: z.number().int(),
  rowNumber: z.number().int(),
  reason: z.string(),
  field: z.string(),
  detail: z.string(),
  explanation: saidSchema.nullable().meta({ description: '`detail` as a code with values' }),
  eventType: z.string(),
  eventName: z.string(),
  state: z.string(),
  /** The record as it came. Personal values are masked without `people:reveal`. */
  raw: z.string(),
});
export type QuarantineRow = z.infer<typeof quarantineRowSchema>;

/** One mending step; paths as in `properties.price`, `timestamp`, `userId`, or a column name for imported rows. */
export const repairActionSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('set'),
    path: z.string().min(1).max(200),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  }),
  z.strictObject({
    do: z.literal('default'),
    path: z.string().min(1).max(200),
    value: z.union([z.string(), z.number(), z.boolean()]),
  }),
  z.strictObject({ do: z.literal('rename'), path: z.string().min(1).max(200), to: z.string().min(1).max(200) }),
  z.strictObject({ do: z.literal('remove'), path: z.string().min(1).max(200) }),
  z.strictObject({
    do: z.literal('convert'),
    path: z.string().min(1).max(200),
    to: z.enum(['text', 'number', 'boolean', 'instant']),
  }),
  z.strictObject({
    do: z.literal('replace'),
    path: z.string().min(1).max(200),
    find: z.string().min(1).max(200),
    with: z.string().max(200),
  }),
]);
export type RepairAction = z.infer<typeof repairActionSchema>;

/** POST …/quarantine/preview → first 20 before and after. POST …/quarantine/replay → a job. POST …/quarantine/discard → count. */
export const repairRequestSchema = z.strictObject({
  filter: quarantineFilterSchema,
  actions: z.array(repairActionSchema).max(20),
  keepAs: z.string().trim().min(1).max(120).optional().meta({
    description:
      'Also apply to events that arrive from now on, under this name. Rows of files are not mended by kept rules: the answer says so in `note`.',
  }),
});
export type RepairRequest = z.input<typeof repairRequestSchema>;
export const repairPreviewSchema = z.object({
  total: z.number().int(),
  rows: z.array(
    z.object({
      recordKey: z.string(),
      before: z.string(),
      after: z.string(),
      outcome: z.enum(['valid', 'duplicate', 'quarantined']),
      reason: z.string().nullable(),
      field: z.string().nullable(),
      detail: z.string().nullable(),
      explanation: saidSchema.nullable(),
    }),
  ),
});
export type RepairPreview = z.infer<typeof repairPreviewSchema>;
export const repairStartedSchema = z.object({
  records: z.number().int(),
  jobId: z.string().nullable(),
  /** What the operator should know besides, such as that rules do not apply to files. */
  note: z.string().nullable().optional(),
});

export const repairRuleSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  matches: z.object({
    reason: z.string().optional(),
    sourceId: z.number().int().optional(),
    event: z.string().optional(),
  }),
  actions: z.array(repairActionSchema),
  enabled: z.boolean(),
  createdAt: instantSchema,
});
export type RepairRule = z.infer<typeof repairRuleSchema>;
export const repairRuleUpdateSchema = z.strictObject({ enabled: z.boolean() });

// ---- Import ----

export const importKindSchema = z.enum(['events', 'orders', 'customers', 'catalogue', 'reviews', 'spend']);
export type ImportKind = z.infer<typeof importKindSchema>;
export const importFormatSchema = z.enum(['csv', 'tsv', 'ndjson', 'parquet']);

/** Fields that columns can be mapped to, per kind. `*` columns become properties, attributes or traits under their own name. */
export const importFields: Readonly<
  Record<
    ImportKind,
    { readonly required: readonly string[]; readonly oneOf: readonly string[]; readonly optional: readonly string[] }
  >
> = {
  events: {
    required: ['event', 'timestamp'],
    oneOf: ['user_id', 'anonymous_id', 'email', 'phone', 'openid', 'unionid', 'device_id'],
    optional: ['message_id', 'item_id', 'order_id', 'price', 'quantity', 'currency', 'url', 'referrer'],
  },
  orders: {
    required: ['order_id', 'timestamp'],
    oneOf: ['user_id', 'anonymous_id', 'email', 'phone', 'openid', 'unionid', 'device_id'],
    optional: [
      'item_id',
      'item_name',
      'category',
      'quantity',
      'price',
      'amount',
      'currency',
      'status',
      'country',
      'coupon',
      'discount',
    ],
  },
  customers: {
    required: [],
    oneOf: ['user_id', 'email', 'phone', 'openid', 'unionid'],
    optional: [
      'anonymous_id',
      'device_id',
      'name',
      'first_name',
      'last_name',
      'gender',
      'birthday',
      'address',
      'city',
      'province',
      'country',
      'created_at',
      'consent_email',
      'consent_sms',
    ],
  },
  catalogue: {
    required: ['item_id'],
    oneOf: [],
    optional: ['name', 'description', 'category', 'brand', 'price', 'currency', 'url', 'image_url', 'stock', 'deleted'],
  },
  reviews: {
    required: ['text'],
    oneOf: [],
    optional: ['review_id', 'item_id', 'user_id', 'email', 'phone', 'rating', 'title', 'timestamp', 'language'],
  },
  spend: {
    required: ['day', 'media_channel', 'spend'],
    oneOf: [],
    optional: ['campaign', 'currency', 'impressions', 'clicks'],
  },
};

export const importOptionsSchema = z.strictObject({
  format: importFormatSchema.optional(),
  encoding: z.enum(['utf-8', 'gb18030', 'utf-16le']).optional(),
  delimiter: z.string().length(1).optional(),
  hasHeader: z.boolean().optional(),
  timeZone: z.string().optional().meta({ description: 'For times without an offset. Default: of the workspace' }),
  dayFirst: z.boolean().optional().meta({ description: '03/04/2026 is 3 April' }),
  currency: z.string().optional().meta({ description: 'Where a row names none. Default: of the workspace' }),
  /** Rows that are the same in every column: keep (a till may scan an item twice) or take as one. */
  repeatedRows: z.enum(['keep', 'one']).optional(),
  /** Event name where no column gives one. */
  eventName: z.string().max(200).optional(),
});
export type ImportOptions = z.infer<typeof importOptionsSchema>;

/** Column of the file → field, `*` (keep under its own name) or null (leave out). */
export const importMappingSchema = z.record(z.string(), z.string().max(200).nullable());
export type ImportMapping = z.infer<typeof importMappingSchema>;

/** POST …/imports → id. PUT …/imports/:id/file with the bytes (application/octet-stream). */
export const importCreateSchema = z.strictObject({
  fileName: z.string().trim().min(1).max(255),
  sizeBytes: z.number().int().min(0).optional(),
  kind: importKindSchema.optional(),
});

export const importReportSchema = z.object({
  received: z.number().int(),
  accepted: z.number().int().meta({ description: 'Kept as they were' }),
  repaired: z
    .number()
    .int()
    .meta({ description: 'Kept after mending; received = accepted + repaired + duplicate + quarantined' }),
  duplicate: z.number().int(),
  quarantined: z.number().int(),
  repairs: z.record(z.string(), z.number().int()),
  reasons: z.record(z.string(), z.number().int()),
  /** orders: lines and orders made, revenue and refunds in minor units; events: events made; and so on. */
  made: z.record(z.string(), z.number()),
  notes: z.array(saidNoteSchema),
  seconds: z.number(),
});
export type ImportReport = z.infer<typeof importReportSchema>;

export const importSchema = z.object({
  id: z.number().int(),
  fileName: z.string(),
  sizeBytes: z.number().int(),
  kind: importKindSchema.nullable(),
  state: z.enum(['uploading', 'ready', 'queued', 'running', 'done', 'failed', 'cancelled']),
  detected: z
    .object({
      format: importFormatSchema,
      encoding: z.string(),
      delimiter: z.string().nullable(),
      hasHeader: z.boolean(),
      rowsEstimate: z.number().int(),
      columns: z.array(
        z.object({
          name: z.string(),
          samples: z.array(z.string()),
          field: z.string().nullable(),
          confidence: z.number().min(0).max(1),
          because: z.string().meta({ description: 'Why this field: header, contents, saved mapping' }),
        }),
      ),
      kindGuess: importKindSchema.nullable(),
    })
    .nullable(),
  mapping: importMappingSchema,
  options: importOptionsSchema,
  progress: z
    .object({
      stage: z.string(),
      rowsDone: z.number().int(),
      rowsTotal: z.number().int().nullable(),
      secondsLeft: z.number().nullable(),
    })
    .nullable(),
  report: importReportSchema.nullable(),
  error: z.string().nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  endedAt: instantSchema.nullable(),
});
export type Import = z.infer<typeof importSchema>;

/** PATCH …/imports/:id, before it starts. */
export const importUpdateSchema = z.strictObject({
  kind: importKindSchema.optional(),
  mapping: importMappingSchema.optional(),
  options: importOptionsSchema.optional(),
});
/** GET …/imports/:id/preview : 20 rows as they will become. */
export const importPreviewSchema = z.object({
  rows: z.array(
    z.object({
      rowNumber: z.number().int(),
      raw: z.record(z.string(), z.string().nullable()),
      outcome: z.enum(['valid', 'quarantined']),
      reason: z.string().nullable(),
      field: z.string().nullable(),
      detail: z.string().nullable(),
      explanation: saidSchema.nullable(),
      repairs: z.array(z.string()),
      becomes: z.record(z.string(), z.unknown()).nullable(),
    }),
  ),
  problems: z
    .array(z.object({ field: z.string(), message: z.string(), explanation: saidSchema.nullable() }))
    .meta({ description: 'Why it cannot start yet' }),
  notes: z.array(saidNoteSchema).optional().meta({ description: 'What is worth knowing and stops nothing' }),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

export const savedMappingSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  kind: importKindSchema,
  mapping: importMappingSchema,
  options: importOptionsSchema,
});
export const savedMappingCreateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  kind: importKindSchema,
  mapping: importMappingSchema,
  options: importOptionsSchema.default({}),
});

// ---- Library: what imports and pushes brought beside events ----

/** GET …/items?search= ; …/reviews?search=&itemId= ; …/spend */
export const itemRowSchema = z.object({
  itemId: z.string(),
  name: z.string(),
  description: z.string(),
  category: z.string(),
  brand: z.string(),
  priceMinor: z.number().nullable(),
  currency: z.string(),
  url: z.string(),
  imageUrl: z.string(),
  stock: z.number().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  updatedAt: instantSchema,
});
export const reviewRowSchema = z.object({
  reviewKey: z.string(),
  profileId: z.string().nullable(),
  itemId: z.string(),
  itemName: z.string(),
  rating: z.number().nullable(),
  title: z.string(),
  text: z.string(),
  language: z.string(),
  occurredAt: instantSchema,
});
export const spendRowSchema = z.object({
  day: z.string(),
  mediaChannel: z.string(),
  campaign: z.string(),
  spendMinor: z.number(),
  currency: z.string(),
  impressions: z.number(),
  clicks: z.number(),
});
export const libraryQuerySchema = pageQuerySchema.extend({
  search: z.string().trim().max(200).optional(),
  itemId: z.string().max(200).optional(),
});
