import type { Readable } from 'node:stream';
import {
  audienceChangeSchema,
  audienceChangesQuerySchema,
  idStringSchema,
  listChangeRequestSchema,
  listCreateSchema,
  listSchema,
  listsQuerySchema,
  listUpdateSchema,
  listUploadCreateSchema,
  listUploadSchema,
  listUploadStartSchema,
  pageQuerySchema,
  personAudienceSchema,
  personRowSchema,
  tagChangeRequestSchema,
  tagSchema,
} from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { guardDisk } from '../guard-disk.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, wholeList, withId, workspaceParams } from './api.ts';

const base = '/workspaces/:workspaceId';
const listParams = withId('listId');
const uploadParams = listParams.extend(withId('uploadId').shape);
const tags = ['Audiences'];
const read = { policy: workspacePolicy('people:read') };
const write = { policy: workspacePolicy('people:write') };

/** Tags and lists: what operators say of people. */
export function audienceRoutes(app: Api, deps: HttpDeps): void {
  tagRoutes(app, deps);
  listRoutes(app, deps);
  memberRoutes(app, deps);
  uploadRoutes(app, deps);
}

function tagRoutes(app: Api, { stores, audiences, jobs }: HttpDeps): void {
  app.get(
    `${base}/tags`,
    {
      config: read,
      schema: { tags, summary: 'Tags and how many have them', params: workspaceParams, response: listOf(tagSchema) },
    },
    async (request) => wholeList(await audiences.listTags(stores, workspaceOf(request))),
  );
  app.post(
    `${base}/tags/changes`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Put a tag on people, or take it away',
        description: 'People by their ids at once; a whole segment or list as a job.',
        params: workspaceParams,
        body: tagChangeRequestSchema,
        response: answers(audienceChangeSchema),
      },
    },
    (request) =>
      audited(
        stores.control,
        request,
        { action: `tag.${request.body.action}`, target: { kind: 'tag', id: '' } },
        (act) => audiences.changeTag(stores, workspaceOf(request), request.body, { ...act, jobs }),
      ),
  );
  app.get(
    `${base}/audience-changes`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Changes of tags and lists, latest first',
        params: workspaceParams,
        querystring: audienceChangesQuerySchema,
        response: listOf(audienceChangeSchema),
      },
    },
    (request) => audiences.listChanges(stores, workspaceOf(request), request.query),
  );
  app.post(
    `${base}/audience-changes/:changeId/undo`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Take a change back; what was said later stands',
        params: withId('changeId'),
        response: answers(audienceChangeSchema),
      },
    },
    (request) => {
      const { changeId } = request.params as { changeId: number };
      const entry = { action: 'audience.undo', target: { kind: 'change', id: changeId } };
      return audited(stores.control, request, entry, (act) =>
        audiences.undo(stores, workspaceOf(request), changeId, act),
      );
    },
  );
  app.get(
    `${base}/people/:profileId/audience`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Tags and lists of a person',
        params: workspaceParams.extend({ profileId: idStringSchema }),
        response: answers(personAudienceSchema),
      },
    },
    (request) => audiences.getPersonAudience(stores, workspaceOf(request), request.params.profileId),
  );
}

function listRoutes(app: Api, { stores, audiences }: HttpDeps): void {
  app.get(
    `${base}/lists`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Lists',
        params: workspaceParams,
        querystring: listsQuerySchema,
        response: listOf(listSchema),
      },
    },
    async (request) => wholeList(await audiences.listLists(stores, workspaceOf(request), request.query)),
  );
  app.post(
    `${base}/lists`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Make a list',
        params: workspaceParams,
        body: listCreateSchema,
        response: answers(listSchema),
      },
    },
    (request) =>
      audited(stores.control, request, { action: 'list.create', target: { kind: 'list', id: '' } }, (act) =>
        audiences.createList(stores, workspaceOf(request), request.body, act),
      ),
  );
  app.get(
    `${base}/lists/:listId`,
    { config: read, schema: { tags, summary: 'One list', params: listParams, response: answers(listSchema) } },
    (request) => audiences.getList(stores, workspaceOf(request), request.params.listId),
  );
  app.patch(
    `${base}/lists/:listId`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Rename or describe a list',
        params: listParams,
        body: listUpdateSchema,
        response: answers(listSchema),
      },
    },
    (request) => {
      const { listId } = request.params;
      return audited(stores.control, request, { action: 'list.update', target: { kind: 'list', id: listId } }, (act) =>
        audiences.updateList(stores, workspaceOf(request), listId, request.body, act),
      );
    },
  );
  for (const verb of ['archive', 'restore'] as const) {
    app.post(
      `${base}/lists/:listId/${verb}`,
      {
        config: write,
        schema: {
          tags,
          summary: verb === 'archive' ? 'Put a list away; its people stay' : 'Bring an archived list back',
          params: listParams,
          response: answers(listSchema),
        },
      },
      (request) => {
        const { listId } = request.params as { listId: number };
        return audited(
          stores.control,
          request,
          { action: `list.${verb}`, target: { kind: 'list', id: listId } },
          (act) => audiences.archiveList(stores, workspaceOf(request), listId, verb === 'archive', act),
        );
      },
    );
  }
}

function memberRoutes(app: Api, { stores, audiences, jobs }: HttpDeps): void {
  app.get(
    `${base}/lists/:listId/members`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Who is on a list',
        params: listParams,
        querystring: pageQuerySchema,
        response: listOf(personRowSchema),
      },
    },
    (request) =>
      audiences.listMembers(stores, workspaceOf(request), request.params.listId, request.query, viewOf(request)),
  );
  app.post(
    `${base}/lists/:listId/changes`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Put people on a list, or take them off',
        params: listParams,
        body: listChangeRequestSchema,
        response: answers(audienceChangeSchema),
      },
    },
    (request) => {
      const { listId } = request.params;
      const entry = { action: `list.${request.body.action}`, target: { kind: 'list', id: listId } };
      return audited(stores.control, request, entry, (act) =>
        audiences.changeList(stores, workspaceOf(request), listId, request.body, { ...act, jobs }),
      );
    },
  );
}

/** Files of e-mails, phone numbers and user ids; the parser for their bytes is registered beside the imports. */
function uploadRoutes(app: Api, deps: HttpDeps): void {
  const { stores, audiences, jobs } = deps;
  const uploads = `${base}/lists/:listId/uploads`;

  app.get(
    uploads,
    {
      config: read,
      schema: {
        tags,
        summary: 'Uploads to a list, latest first',
        params: listParams,
        response: listOf(listUploadSchema),
      },
    },
    async (request) => wholeList(await audiences.listUploads(stores, workspaceOf(request), request.params.listId)),
  );
  app.post(
    uploads,
    {
      config: write,
      schema: {
        tags,
        summary: 'Begin an upload; then PUT its file',
        params: listParams,
        body: listUploadCreateSchema,
        response: answers(listUploadSchema),
      },
    },
    (request) => {
      const { listId } = request.params;
      return audited(stores.control, request, { action: 'list.upload', target: { kind: 'list', id: listId } }, (act) =>
        audiences.createUpload(stores, workspaceOf(request), listId, request.body.fileName, act),
      );
    },
  );
  app.put(
    `${uploads}/:uploadId/file`,
    {
      config: write,
      schema: {
        tags,
        summary: 'The bytes of the file',
        description: 'application/octet-stream: CSV or TSV, UTF-8 or GBK, gzip is taken as it is.',
        consumes: ['application/octet-stream'],
        params: uploadParams,
        response: answers(listUploadSchema),
      },
    },
    (request) => {
      const { uploadId, listId } = request.params;
      const bytes = request.body as Readable | undefined;
      if (!bytes || typeof bytes.pipe !== 'function') {
        throw new AppError('input.invalid', 'The file has to be sent as it is.', {
          details: { field: 'content-type', fix: 'Send the bytes with Content-Type: application/octet-stream.' },
        });
      }
      return audited(
        stores.control,
        request,
        { action: 'list.upload.file', target: { kind: 'list', id: listId } },
        async (act) => {
          const announced = Number(request.headers['content-length'] ?? 0);
          const guarded = await guardDisk(bytes, deps.dataDir, deps.diskReserveBytes, announced);
          return audiences.receiveUpload(stores, workspaceOf(request), uploadId, guarded, act);
        },
      );
    },
  );
  app.post(
    `${uploads}/:uploadId/start`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Put the people of the file on the list',
        params: uploadParams,
        body: listUploadStartSchema,
        response: answers(listUploadSchema),
      },
    },
    (request) => {
      const { uploadId, listId } = request.params;
      return audited(
        stores.control,
        request,
        { action: 'list.upload.start', target: { kind: 'list', id: listId } },
        (act) => audiences.startUpload(stores, workspaceOf(request), uploadId, request.body.columns, { ...act, jobs }),
      );
    },
  );
  app.get(
    `${uploads}/:uploadId`,
    {
      config: read,
      schema: { tags, summary: 'One upload and its report', params: uploadParams, response: answers(listUploadSchema) },
    },
    (request) => audiences.getUpload(stores, workspaceOf(request), request.params.uploadId),
  );
}
