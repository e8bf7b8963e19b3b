import { jobsSchema, pageQuerySchema } from '@zhiyin/contract';
import { z } from 'zod';
import { workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, noContent, workspaceParams } from './api.ts';

const jobParams = workspaceParams.extend({ jobId: z.uuid() });

/** Work in the background. */
export function jobRoutes(app: Api, deps: HttpDeps): void {
  const { control } = deps.stores;
  const tags = ['Jobs'];

  app.get(
    '/workspaces/:workspaceId/jobs',
    {
      config: { policy: workspacePolicy('settings:read') },
      schema: {
        tags,
        summary: 'Jobs, newest first, and schedules',
        params: workspaceParams,
        querystring: pageQuerySchema,
        response: answers(jobsSchema),
      },
    },
    (request) => deps.jobs.list(workspaceOf(request).id, request.query.cursor, request.query.limit),
  );

  for (const verb of ['cancel', 'retry'] as const) {
    app.post(
      `/workspaces/:workspaceId/jobs/:jobId/${verb}`,
      {
        config: { policy: workspacePolicy('data:write') },
        schema: {
          tags,
          summary: verb === 'cancel' ? 'Stop a job, also a running one' : 'Run a failed or cancelled job again',
          params: jobParams,
          response: noContent,
        },
      },
      async (request, reply) => {
        const { jobId } = request.params as z.output<typeof jobParams>;
        await audited(control, request, { action: `job.${verb}`, target: { kind: 'job', id: jobId } }, () =>
          deps.jobs[verb](workspaceOf(request).id, jobId),
        );
        return reply.code(204).send(null);
      },
    );
  }
}
