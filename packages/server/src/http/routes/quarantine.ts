import {
  quarantineFilterSchema,
  quarantineQuerySchema,
  quarantineRowSchema,
  repairPreviewSchema,
  repairRequestSchema,
  repairRuleSchema,
  repairRuleUpdateSchema,
  repairStartedSchema,
} from '@zhiyin/contract';
import { z } from 'zod';
import { viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, noContent, wholeList, withId, workspaceParams } from './api.ts';

const discardRequestSchema = z.strictObject({ filter: quarantineFilterSchema });

/** Records that could not be kept: looked at, mended, tried again or given up. */
export function quarantineRoutes(app: Api, deps: HttpDeps): void {
  const { stores, clean, jobs } = deps;
  const tags = ['Quarantine'];
  const read = { policy: workspacePolicy('data:read') };
  const write = { policy: workspacePolicy('data:write') };
  const target = { kind: 'quarantine', id: '' };

  app.get(
    '/workspaces/:workspaceId/quarantine',
    {
      config: read,
      schema: {
        tags,
        summary: 'Records in quarantine',
        params: workspaceParams,
        querystring: quarantineQuerySchema,
        response: listOf(quarantineRowSchema),
      },
    },
    (request) => clean.listQuarantine(stores, workspaceOf(request), request.query, viewOf(request)),
  );

  app.post(
    '/workspaces/:workspaceId/quarantine/preview',
    {
      config: read,
      schema: {
        tags,
        summary: 'What a repair would do to the first 20',
        params: workspaceParams,
        body: repairRequestSchema,
        response: answers(repairPreviewSchema),
      },
    },
    (request) => clean.previewRepair(stores, workspaceOf(request), request.body, viewOf(request)),
  );

  app.post(
    '/workspaces/:workspaceId/quarantine/replay',
    {
      config: write,
      schema: {
        tags,
        summary: 'Mend and try again',
        params: workspaceParams,
        body: repairRequestSchema,
        response: answers(repairStartedSchema),
      },
    },
    (request) => {
      const { filter, actions, keepAs } = request.body;
      const details = { ...filterDetails(filter), actions: actions.length, keptAsRule: keepAs !== undefined };
      return audited(
        stores.control,
        request,
        { action: 'quarantine.replay', target, details },
        (act) => clean.replayQuarantine(stores, workspaceOf(request), request.body, { ...act, jobs }),
        ({ records }) => ({ records }),
      );
    },
  );

  app.post(
    '/workspaces/:workspaceId/quarantine/discard',
    {
      config: write,
      schema: {
        tags,
        summary: 'Give records up',
        params: workspaceParams,
        body: discardRequestSchema,
        response: answers(repairStartedSchema),
      },
    },
    (request) =>
      audited(
        stores.control,
        request,
        { action: 'quarantine.discard', target, details: filterDetails(request.body.filter) },
        (act) => clean.discardQuarantine(stores, workspaceOf(request), request.body.filter, act),
        ({ records }) => ({ records }),
      ),
  );

  app.get(
    '/workspaces/:workspaceId/repair-rules',
    {
      config: read,
      schema: { tags, summary: 'Repairs that were kept', params: workspaceParams, response: listOf(repairRuleSchema) },
    },
    async (request) => wholeList(await clean.listRepairRules(stores, workspaceOf(request))),
  );

  const ruleParams = withId('ruleId');
  app.patch(
    '/workspaces/:workspaceId/repair-rules/:ruleId',
    {
      config: write,
      schema: {
        tags,
        summary: 'Switch a repair on or off',
        params: ruleParams,
        body: repairRuleUpdateSchema,
        response: answers(repairRuleSchema),
      },
    },
    (request) => {
      const { ruleId } = request.params;
      const entry = {
        action: 'repair_rule.update',
        target: { kind: 'repair_rule', id: ruleId },
        details: request.body,
      };
      return audited(stores.control, request, entry, (act) =>
        clean.updateRepairRule(stores, workspaceOf(request), ruleId, request.body, act),
      );
    },
  );

  app.delete(
    '/workspaces/:workspaceId/repair-rules/:ruleId',
    { config: write, schema: { tags, summary: 'Delete a repair', params: ruleParams, response: noContent } },
    async (request, reply) => {
      const { ruleId } = request.params;
      const entry = { action: 'repair_rule.delete', target: { kind: 'repair_rule', id: ruleId } };
      await audited(stores.control, request, entry, (act) =>
        clean.deleteRepairRule(stores, workspaceOf(request), ruleId, act),
      );
      return reply.code(204).send(null);
    },
  );
}

/** Which records, for the audit log. The text looked for may be somebody's address, so only that there was one. */
function filterDetails(filter: z.output<typeof quarantineFilterSchema>) {
  const { text, event: _event, ...rest } = filter;
  const named = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return { ...named, byText: text !== undefined } as Record<string, string | number | boolean>;
}
