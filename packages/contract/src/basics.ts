import { z } from 'zod';

/** RFC 9457 problem details; every error of the API looks like this (`application/problem+json`). */
export const problemSchema = z.object({
  type: z.string().meta({ description: 'about:blank, or the address of a page that explains the code' }),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().meta({ description: 'What happened and what to do, one or two sentences' }),
  code: z.string().meta({ description: 'Stable code to match on, such as input.invalid' }),
  instance: z.string().meta({ description: 'Id to quote when asking for help' }),
  field: z.string().optional().meta({ description: 'The input field at fault' }),
  fix: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const localeSchema = z.enum(['en', 'zh-CN']);
export type Locale = z.infer<typeof localeSchema>;

export const roleSchema = z.enum(['owner', 'admin', 'marketer', 'analyst', 'viewer']);
export type Role = z.infer<typeof roleSchema>;

/** What a role or an API key may do. */
export const scopeSchema = z.enum([
  'data:read',
  'data:write',
  'people:read',
  'people:reveal',
  'people:write',
  'settings:read',
  'settings:write',
  'members:write',
  'audit:read',
  'recommend:read',
]);
export type Scope = z.infer<typeof scopeSchema>;

/** Who may do what. `people:reveal` shows direct identifiers in clear; without it they are masked. */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  owner: scopeSchema.options,
  admin: scopeSchema.options,
  marketer: [
    'data:read',
    'data:write',
    'people:read',
    'people:reveal',
    'people:write',
    'settings:read',
    'recommend:read',
  ],
  analyst: ['data:read', 'people:read', 'settings:read', 'audit:read'],
  viewer: ['data:read', 'people:read'],
};

export const instantSchema = z.iso.datetime({ offset: true }).meta({ description: 'Instant, RFC 3339' });
export const dateSchema = z.iso.date().meta({ description: "Calendar day in the workspace's time zone" });
/** 63-bit ids travel as decimal strings: they do not fit a JSON number. */
export const idStringSchema = z.string().regex(/^\d{1,20}$/);
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'must be a three-letter ISO 4217 code such as CNY');
export const timeZoneSchema = z.string().refine(isTimeZone, 'must be an IANA time zone such as Asia/Shanghai');

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const pageQuerySchema = z.strictObject({
  cursor: z.string().max(200).optional().meta({ description: 'nextCursor of the page before' }),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const pageOf = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), nextCursor: z.string().nullable(), total: z.number().int().nullable() });
export type Page<Row> = { rows: Row[]; nextCursor: string | null; total: number | null };

/** Half-open range of days in the workspace's time zone. */
export const rangeQuerySchema = z.strictObject({ from: dateSchema, to: dateSchema });
export type RangeQuery = z.infer<typeof rangeQuerySchema>;

/** The statement behind numbers. */
export const askedQuerySchema = z.object({
  statement: z.string().meta({ description: 'The SQL that gave these rows, as it ran' }),
  parameters: z.record(z.string(), z.unknown()),
  elapsedMs: z.number(),
  rowsRead: z.number(),
});

/** A table with what stands behind it. Every chart of the console is drawn from one of these, so each can be opened as table, copied and traced. */
export const panelSchema = z.object({
  name: z.string(),
  columns: z.array(
    z.object({
      key: z.string(),
      type: z.enum(['text', 'number', 'money', 'rate', 'date', 'instant']),
      /** Currency of a money column. */
      currency: z.string().optional(),
    }),
  ),
  rows: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()]))),
  query: askedQuerySchema,
  asOf: instantSchema,
});
export type Panel = z.infer<typeof panelSchema>;
