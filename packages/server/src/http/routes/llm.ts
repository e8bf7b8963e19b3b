import {
  llmCallSchema,
  llmCallsQuerySchema,
  llmSettingsSchema,
  llmTestSchema,
  llmUpdateSchema,
  llmUsageQuerySchema,
  panelSchema,
} from '@zhiyin/contract';
import { accessOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, workspaceParams } from './api.ts';

const base = '/workspaces/:workspaceId/llm';
const tags = ['Model endpoint'];

/** The large-model endpoint of a workspace: settings, a test that really calls it, what it cost, and the ledger of calls. */
export function llmRoutes(app: Api, deps: HttpDeps): void {
  settingsRoutes(app, deps);
  callRoutes(app, deps);
}

function settingsRoutes(app: Api, { stores: { control }, llm }: HttpDeps): void {
  const write = { policy: workspacePolicy('settings:write') };
  const target = { kind: 'llm', id: '' };

  app.get(
    base,
    {
      config: { policy: workspacePolicy('settings:read') },
      schema: {
        tags,
        summary: 'Settings of the model endpoint; never the key',
        params: workspaceParams,
        response: answers(llmSettingsSchema),
      },
    },
    (request) => llm.readSettings(workspaceOf(request)),
  );
  app.put(
    base,
    {
      config: write,
      schema: {
        tags,
        summary: 'Set the model endpoint',
        description: 'Without `apiKey` the key stays as it is; null removes it.',
        params: workspaceParams,
        body: llmUpdateSchema,
        response: answers(llmSettingsSchema),
      },
    },
    (request) =>
      audited(control, request, { action: 'llm.update', target }, (act) =>
        llm.saveSettings(workspaceOf(request), request.body, act),
      ),
  );
  app.delete(
    base,
    {
      config: write,
      schema: {
        tags,
        summary: 'Forget the endpoint, its key and the embeddings kept',
        params: workspaceParams,
        response: answers(llmSettingsSchema),
      },
    },
    (request) =>
      audited(control, request, { action: 'llm.delete', target }, (act) =>
        llm.deleteSettings(workspaceOf(request), act),
      ),
  );
  app.post(
    `${base}/test`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Call the endpoint for everything that is set, and say what worked',
        params: workspaceParams,
        response: answers(llmTestSchema),
      },
    },
    (request) =>
      audited(
        control,
        request,
        { action: 'llm.test', target },
        () => llm.test(workspaceOf(request)),
        ({ checks }) => ({ worked: checks.filter(({ ok }) => ok).length, checks: checks.length }),
      ),
  );
}

function callRoutes(app: Api, { llm }: HttpDeps): void {
  const read = { policy: workspacePolicy('settings:read') };

  app.get(
    `${base}/usage`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Calls, tokens, money and latency by day',
        params: workspaceParams,
        querystring: llmUsageQuerySchema,
        response: answers(panelSchema),
      },
    },
    (request) => llm.readUsage(workspaceOf(request), request.query.days),
  );
  app.get(
    `${base}/calls`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Calls, newest first',
        description: 'What was sent, with placeholders for what is personal, is shown to who may change settings.',
        params: workspaceParams,
        querystring: llmCallsQuerySchema,
        response: listOf(llmCallSchema),
      },
    },
    (request) =>
      llm.listCalls(workspaceOf(request), request.query, { prompts: accessOf(request).scopes.has('settings:write') }),
  );
}
