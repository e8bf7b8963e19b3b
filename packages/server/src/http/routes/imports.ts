import type { Readable } from 'node:stream';
import {
  type Import,
  importCreateSchema,
  importPreviewSchema,
  importSchema,
  importUpdateSchema,
  pageQuerySchema,
} from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { guardDisk } from '../guard-disk.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, withId, workspaceParams } from './api.ts';

/** Files: uploaded, looked at, mapped, previewed, started, cancelled. */
export function importRoutes(app: Api, deps: HttpDeps): void {
  const { stores, imports, jobs } = deps;
  const tags = ['Imports'];
  const read = { policy: workspacePolicy('data:read') };
  const write = { policy: workspacePolicy('data:write') };
  const params = withId('importId');
  const entryOf = (verb: string, importId: number | '') => ({
    action: `import.${verb}`,
    target: { kind: 'import', id: importId },
  });

  // Files pass through as they come, however large; everything else keeps the usual parser and limit.
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => done(null, payload));

  app.get(
    '/workspaces/:workspaceId/imports',
    {
      config: read,
      schema: {
        tags,
        summary: 'Imports, latest first',
        params: workspaceParams,
        querystring: pageQuerySchema,
        response: listOf(importSchema),
      },
    },
    async (request) => {
      const { reveal } = viewOf(request);
      const page = await imports.listImports(stores, workspaceOf(request), request.query);
      return { ...page, rows: page.rows.map((row) => maskSamples(row, reveal)) };
    },
  );

  app.post(
    '/workspaces/:workspaceId/imports',
    {
      config: write,
      schema: {
        tags,
        summary: 'Begin an import; then PUT its file',
        params: workspaceParams,
        body: importCreateSchema,
        response: answers(importSchema),
      },
    },
    (request) =>
      audited(
        stores.control,
        request,
        entryOf('create', ''),
        (act) => imports.createImport(stores, workspaceOf(request), request.body, act),
        ({ id }) => ({ importId: id }),
      ),
  );

  app.put(
    '/workspaces/:workspaceId/imports/:importId/file',
    {
      config: write,
      schema: {
        tags,
        summary: 'The bytes of the file',
        description: 'application/octet-stream, any size; gzip is taken as it is.',
        consumes: ['application/octet-stream'],
        params,
        response: answers(importSchema),
      },
    },
    (request) => {
      const { importId } = request.params;
      const bytes = request.body as Readable | undefined;
      if (!bytes || typeof bytes.pipe !== 'function') {
        throw new AppError('input.invalid', 'The file has to be sent as it is.', {
          details: { field: 'content-type', fix: 'Send the bytes with Content-Type: application/octet-stream.' },
        });
      }
      return audited(stores.control, request, entryOf('upload', importId), async (act) => {
        const guarded = await guardDisk(
          bytes,
          deps.dataDir,
          deps.diskReserveBytes,
          Number(request.headers['content-length'] ?? 0),
        );
        return imports.receiveImportFile(stores, workspaceOf(request), importId, guarded, act);
      });
    },
  );

  app.get(
    '/workspaces/:workspaceId/imports/:importId',
    {
      config: read,
      schema: {
        tags,
        summary: 'One import: what was found, its progress and its report',
        params,
        response: answers(importSchema),
      },
    },
    async (request) => {
      const found = await imports.getImport(stores, workspaceOf(request), request.params.importId);
      return maskSamples(found, viewOf(request).reveal);
    },
  );

  app.patch(
    '/workspaces/:workspaceId/imports/:importId',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change kind, mapping or options before it starts',
        params,
        body: importUpdateSchema,
        response: answers(importSchema),
      },
    },
    (request) => {
      const { importId } = request.params;
      const entry = { ...entryOf('update', importId), details: { fields: Object.keys(request.body) } };
      return audited(stores.control, request, entry, (act) =>
        imports.updateImport(stores, workspaceOf(request), importId, request.body, act),
      );
    },
  );

  app.get(
    '/workspaces/:workspaceId/imports/:importId/preview',
    {
      // Rows of the file as they are: for those who may import, not for everybody who may look.
      config: write,
      schema: { tags, summary: '20 rows as they will become', params, response: answers(importPreviewSchema) },
    },
    (request) => imports.previewImport(stores, workspaceOf(request), request.params.importId),
  );

  app.post(
    '/workspaces/:workspaceId/imports/:importId/start',
    { config: write, schema: { tags, summary: 'Start', params, response: answers(importSchema) } },
    async (request) => {
      const { importId } = request.params;
      const workspace = workspaceOf(request);
      const started = await audited(stores.control, request, entryOf('start', importId), (act) =>
        imports.startImport(stores, workspace, importId, act),
      );
      const subject = `import ${importId}`;
      await jobs.send('import', { importId }, { subject, singletonKey: subject, workspaceId: workspace.id });
      return started;
    },
  );

  app.post(
    '/workspaces/:workspaceId/imports/:importId/cancel',
    {
      config: write,
      schema: {
        tags,
        summary: 'Cancel; what was stored so far is taken back or stays as the import says',
        params,
        response: answers(importSchema),
      },
    },
    (request) => {
      const { importId } = request.params;
      return audited(stores.control, request, entryOf('cancel', importId), (act) =>
        imports.cancelImport(stores, workspaceOf(request), importId, act),
      );
    },
  );
}

/** Samples are cells of the file: addresses and numbers of people. */
function maskSamples(found: Import, reveal: boolean): Import {
  if (reveal || !found.detected) return found;
  const columns = found.detected.columns.map((column) => ({ ...column, samples: [] }));
  return { ...found, detected: { ...found.detected, columns } };
}
