import { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import { accessOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { type Api, problems, workspaceParams } from './api.ts';

const exportParams = workspaceParams.extend({
  what: z.enum(['events', 'orders', 'people', 'items', 'reviews', 'spend', 'quarantine']),
});
const exportQuerySchema = z.strictObject({
  format: z.enum(['csv', 'ndjson', 'parquet']).default('csv'),
  reveal: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .meta({ description: 'Direct identifiers in clear; needs people:reveal' }),
});

/** Everything out again. */
export function exportRoutes(app: Api, deps: HttpDeps): void {
  const { stores, imports } = deps;

  app.get(
    '/workspaces/:workspaceId/export/:what',
    {
      config: { policy: workspacePolicy('data:read') },
      schema: {
        tags: ['Export'],
        summary: 'Download a whole table',
        params: exportParams,
        querystring: exportQuerySchema,
        response: { 200: z.any().meta({ description: 'The file' }), ...problems },
      },
    },
    async (request, reply) => {
      const { scopes, signedIn } = accessOf(request);
      const { what } = request.params;
      const { format, reveal } = request.query;
      // A link on another site must not make somebody's browser fetch all of this.
      if (signedIn) requireSameOrigin(request, deps.publicUrl);
      requireExportScopes(scopes, what, reveal);
      const controller = new AbortController();
      reply.raw.on('close', () => controller.abort());
      const entry = { action: 'export.create', target: { kind: 'export', id: what }, details: { format, reveal } };
      const file = await audited(stores.control, request, entry, () =>
        imports.exportRows(stores, workspaceOf(request), { what, format, reveal }, { signal: controller.signal }),
      );
      return reply
        .header('content-type', file.contentType)
        .header('content-disposition', `attachment; filename="${file.fileName.replaceAll(/[^\w.-]/g, '_')}"`)
        .send(file.body);
    },
  );
}

function requireExportScopes(scopes: ReadonlySet<string>, what: string, reveal: boolean): void {
  const needed = reveal ? 'people:reveal' : what === 'people' ? 'people:read' : null;
  if (!needed || scopes.has(needed)) return;
  throw new AppError('auth.forbidden', `This export needs the scope ${needed}.`, {
    details: {
      field: reveal ? 'reveal' : 'what',
      fix: reveal ? 'Leave reveal out to get masked values.' : 'Ask an admin.',
    },
  });
}
