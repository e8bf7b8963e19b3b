import { auditEntrySchema, auditVerifiedSchema, pageQuerySchema } from '@zhiyin/contract';
import { z } from 'zod';
import { listAudit, verifyAudit } from '../../trust/index.ts';
import { workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, workspaceParams } from './api.ts';

const auditQuerySchema = pageQuerySchema.extend({
  action: z.string().max(60).optional().meta({ description: 'Start of the action, such as source.' }),
});

/** Who changed what. */
export function auditRoutes(app: Api, deps: HttpDeps): void {
  const { control } = deps.stores;
  const tags = ['Audit'];
  const config = { policy: workspacePolicy('audit:read') };

  app.get(
    '/workspaces/:workspaceId/audit',
    {
      config,
      schema: {
        tags,
        summary: 'Every change, newest first',
        params: workspaceParams,
        querystring: auditQuerySchema,
        response: listOf(auditEntrySchema),
      },
    },
    (request) => listAudit(control, workspaceOf(request).id, request.query),
  );

  app.get(
    '/workspaces/:workspaceId/audit/verify',
    {
      config,
      schema: {
        tags,
        summary: 'Recompute the hash chain',
        params: workspaceParams,
        response: answers(auditVerifiedSchema),
      },
    },
    (request) => verifyAudit(control, workspaceOf(request).id),
  );
}
