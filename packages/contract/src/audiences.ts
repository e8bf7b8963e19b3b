import { z } from 'zod';
import { idStringSchema, instantSchema, pageQuerySchema } from './basics.ts';

const idSchema = z.number().int().min(1);
export const tagNameSchema = z.string().trim().min(1).max(80);

/** Whom a change is about: people by their ids, or everybody who is in a segment or on a list now. */
export const peopleChoiceSchema = z
  .strictObject({
    profileIds: z.array(idStringSchema).min(1).max(1_000).optional(),
    segmentId: idSchema.optional(),
    listId: idSchema.optional(),
  })
  .refine(
    (choice) => Object.values(choice).filter((value) => value !== undefined).length === 1,
    'give profileIds, segmentId or listId, one of them',
  );
export type PeopleChoice = z.infer<typeof peopleChoiceSchema>;

/** POST …/tags/changes */
export const tagChangeRequestSchema = z.strictObject({
  tag: tagNameSchema,
  action: z.enum(['add', 'remove']),
  people: peopleChoiceSchema,
});
/** POST …/lists/:listId/changes */
export const listChangeRequestSchema = tagChangeRequestSchema.omit({ tag: true });

/** GET …/audience-changes?tag=&listId= : latest first. POST …/audience-changes/:changeId/undo takes one back. */
export const audienceChangeSchema = z.object({
  id: z.number().int(),
  tag: z.string().nullable(),
  listId: z.number().int().nullable(),
  action: z.enum(['add', 'remove']),
  source: z.object({
    kind: z.enum(['people', 'segment', 'list', 'upload', 'change']),
    id: z.number().int().nullable(),
    name: z.string(),
  }),
  state: z.enum(['running', 'done', 'failed']),
  /** Whom it changed: who had the tag already is not counted. */
  people: z.number().int(),
  undoneBy: z.number().int().nullable(),
  by: z.string().nullable(),
  createdAt: instantSchema,
  error: z.string().nullable(),
});
export type AudienceChange = z.infer<typeof audienceChangeSchema>;
export const audienceChangesQuerySchema = pageQuerySchema.extend({
  tag: tagNameSchema.optional(),
  listId: z.coerce.number().int().min(1).optional(),
});

/** GET …/tags */
export const tagSchema = z.object({ tag: z.string(), people: z.number().int(), changedAt: instantSchema });
export type Tag = z.infer<typeof tagSchema>;

/** GET …/lists/:listId */
export const listSchema = z.object({
  id: z.number().int(),
  name: z.string(),
  description: z.string(),
  people: z.number().int(),
  /** Identifiers on it that nobody has been seen with yet: they count when their people come. */
  waiting: z.number().int(),
  state: z.enum(['active', 'archived']),
  usedBy: z.array(z.object({ id: z.number().int(), name: z.string() })),
  createdAt: instantSchema,
  changedAt: instantSchema,
});
export type List = z.infer<typeof listSchema>;
export const listCreateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  description: z.string().trim().max(1_000).default(''),
});
export type ListCreate = z.input<typeof listCreateSchema>;
export const listUpdateSchema = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  description: z.string().trim().max(1_000).optional(),
});
export const listsQuerySchema = z.strictObject({
  search: z.string().trim().max(120).optional(),
  state: z.enum(['active', 'archived']).default('active'),
});
export type ListsQuery = z.input<typeof listsQuerySchema>;

/** What a column of an uploaded file tells people by. */
export const matchFieldSchema = z.enum(['email', 'phone', 'user_id']);
export type MatchField = z.infer<typeof matchFieldSchema>;

/** POST …/lists/:listId/uploads, then PUT …/uploads/:uploadId/file, then POST …/uploads/:uploadId/start */
export const listUploadCreateSchema = z.strictObject({ fileName: z.string().min(1).max(255) });
export const listUploadStartSchema = z.strictObject({
  /** Column → what it holds. A row is whom the first of them that is known tells. */
  columns: z.record(z.string().max(200), matchFieldSchema).refine((columns) => Object.keys(columns).length > 0, {
    message: 'name at least one column that holds an e-mail, a phone number or a user id',
  }),
});
export const listUploadSchema = z.object({
  id: z.number().int(),
  listId: z.number().int(),
  fileName: z.string(),
  sizeBytes: z.number(),
  state: z.enum(['uploading', 'ready', 'running', 'done', 'failed']),
  detected: z
    .object({
      encoding: z.string(),
      delimiter: z.string().nullable(),
      rowsEstimate: z.number().int(),
      columns: z.array(z.object({ name: z.string(), field: matchFieldSchema.nullable(), filled: z.number() })),
    })
    .nullable(),
  report: z
    .object({
      rows: z.number().int(),
      /** Rows whose person is known. */
      matched: z.number().int(),
      /** Rows that tell somebody whom an earlier row told. */
      duplicates: z.number().int(),
      /** Rows with an identifier that nobody has been seen with yet. Kept as keyed hashes, so that they count when their people come. */
      unmatched: z.number().int(),
      /** Rows without a usable identifier. */
      empty: z.number().int(),
      /** Numbers of the first of those rows in the file. */
      emptyRows: z.array(z.number().int()),
    })
    .nullable(),
  changeId: z.number().int().nullable(),
  error: z.string().nullable(),
  createdAt: instantSchema,
});
export type ListUpload = z.infer<typeof listUploadSchema>;

/** GET …/people/:profileId/audience: what operators and lists say of a person. */
export const personAudienceSchema = z.object({
  tags: z.array(z.object({ tag: z.string(), changedAt: instantSchema })),
  lists: z.array(z.object({ id: z.number().int(), name: z.string() })),
});
export type PersonAudience = z.infer<typeof personAudienceSchema>;
