import {
  idStringSchema,
  personScoreSchema,
  predictionCheckSchema,
  predictionCreateSchema,
  predictionModelSchema,
  predictionOptionsSchema,
  predictionRunSchema,
  predictionSchema,
  predictionUpdateSchema,
  scoredPeopleQuerySchema,
  scoredPersonSchema,
} from '@zhiyin/contract';
import { accessOf, viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, wholeList, withId, workspaceParams } from './api.ts';

const base = '/workspaces/:workspaceId/predictions';
const one = `${base}/:predictionId`;
const tags = ['Predictions'];
const params = withId('predictionId');
const idOf = (request: { params: unknown }): number => (request.params as { predictionId: number }).predictionId;

/** What is foretold of people: definitions, models with their cards, runs, and scores with reasons. */
export function predictionRoutes(app: Api, deps: HttpDeps): void {
  definitionRoutes(app, deps);
  modelRoutes(app, deps);
  scoreRoutes(app, deps);
}

function definitionRoutes(app: Api, { stores, predictions }: HttpDeps): void {
  const read = { policy: workspacePolicy('data:read') };
  const write = { policy: workspacePolicy('data:write') };

  app.get(
    base,
    {
      config: read,
      schema: {
        tags,
        summary: 'Predictions with the model that serves and the latest run',
        params: workspaceParams,
        response: listOf(predictionSchema),
      },
    },
    async (request) => wholeList(await predictions.list(stores, workspaceOf(request))),
  );
  app.get(
    `${base}/options`,
    {
      config: read,
      schema: {
        tags,
        summary: 'What can be predicted here',
        params: workspaceParams,
        response: answers(predictionOptionsSchema),
      },
    },
    (request) => predictions.options(stores, workspaceOf(request)),
  );
  app.post(
    `${base}/check`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Whether there is enough to learn from; nothing is made',
        params: workspaceParams,
        body: predictionCreateSchema,
        response: answers(predictionCheckSchema),
      },
    },
    (request) => predictions.check(stores, workspaceOf(request), request.body),
  );
  app.post(
    base,
    {
      config: write,
      schema: {
        tags,
        summary: 'Make a prediction',
        params: workspaceParams,
        body: predictionCreateSchema,
        response: answers(predictionSchema),
      },
    },
    (request) => {
      const entry = { action: 'prediction.create', target: { kind: 'prediction', id: request.body.key } };
      return audited(stores.control, request, entry, (act) =>
        predictions.create(stores, workspaceOf(request), request.body, act),
      );
    },
  );
  app.get(
    one,
    { config: read, schema: { tags, summary: 'One prediction', params, response: answers(predictionSchema) } },
    (request) => predictions.get(stores, workspaceOf(request), idOf(request)),
  );
  app.patch(
    one,
    {
      config: write,
      schema: {
        tags,
        summary: 'Rename, schedule, archive or bring back',
        params,
        body: predictionUpdateSchema,
        response: answers(predictionSchema),
      },
    },
    (request) => {
      const entry = { action: 'prediction.update', target: { kind: 'prediction', id: String(idOf(request)) } };
      return audited(stores.control, request, entry, (act) =>
        predictions.update(stores, workspaceOf(request), idOf(request), request.body, act),
      );
    },
  );
}

function modelRoutes(app: Api, { stores, predictions, jobs }: HttpDeps): void {
  const read = { policy: workspacePolicy('data:read') };
  const write = { policy: workspacePolicy('data:write') };

  app.get(
    `${one}/models`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Models with their cards, newest first',
        params,
        response: listOf(predictionModelSchema),
      },
    },
    async (request) => wholeList(await predictions.models(stores, workspaceOf(request), idOf(request))),
  );
  app.post(
    `${one}/models/:version/serve`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Serve this version, a newer or an earlier one',
        params: params.extend({ version: withId('version').shape.version }),
        response: answers(predictionModelSchema),
      },
    },
    (request) => {
      const { version } = request.params as { version: number };
      const entry = {
        action: 'prediction.model.serve',
        target: { kind: 'prediction', id: String(idOf(request)) },
        details: { version },
      };
      return audited(stores.control, request, entry, (act) =>
        predictions.serve(stores, workspaceOf(request), idOf(request), version, act),
      );
    },
  );
  app.get(
    `${one}/runs`,
    {
      config: read,
      schema: { tags, summary: 'Trainings and scorings, newest first', params, response: listOf(predictionRunSchema) },
    },
    async (request) => wholeList(await predictions.runs(stores, workspaceOf(request), idOf(request))),
  );
  for (const kind of ['train', 'score'] as const) {
    app.post(
      `${one}/${kind}`,
      {
        config: write,
        schema: {
          tags,
          summary: kind === 'train' ? 'Learn anew from all data, then score everybody' : 'Score everybody now',
          params,
          response: answers(predictionRunSchema),
        },
      },
      (request) => {
        const entry = { action: `prediction.${kind}`, target: { kind: 'prediction', id: String(idOf(request)) } };
        const startedBy = accessOf(request).actor.kind === 'api_key' ? 'api_key' : 'operator';
        return audited(stores.control, request, entry, (act) =>
          predictions.start(stores, workspaceOf(request), idOf(request), { kind, startedBy }, { ...act, jobs }),
        );
      },
    );
  }
  app.post(
    `${base}/runs/:runId/cancel`,
    {
      config: write,
      schema: { tags, summary: 'Stop a run', params: withId('runId'), response: answers(predictionRunSchema) },
    },
    (request) => {
      const { runId } = request.params as { runId: number };
      const entry = { action: 'prediction.run.cancel', target: { kind: 'prediction_run', id: String(runId) } };
      return audited(stores.control, request, entry, (act) =>
        predictions.cancel(stores, workspaceOf(request), runId, { ...act, jobs }),
      );
    },
  );
}

function scoreRoutes(app: Api, { stores, predictions }: HttpDeps): void {
  const people = { policy: workspacePolicy('people:read') };
  app.get(
    `${one}/people`,
    {
      config: people,
      schema: {
        tags,
        summary: 'People by score, with reasons',
        params,
        querystring: scoredPeopleQuerySchema,
        response: listOf(scoredPersonSchema),
      },
    },
    (request) => predictions.people(stores, workspaceOf(request), idOf(request), request.query, viewOf(request)),
  );
  app.get(
    '/workspaces/:workspaceId/people/:profileId/predictions',
    {
      config: people,
      schema: {
        tags,
        summary: 'What is foretold of one person, and why',
        params: workspaceParams.extend({ profileId: idStringSchema }),
        response: listOf(personScoreSchema),
      },
    },
    async (request) => wholeList(await predictions.person(stores, workspaceOf(request), request.params.profileId)),
  );
}
