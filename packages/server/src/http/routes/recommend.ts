import {
  deedWeightsSchema,
  itemAttributeSchema,
  recommendAnswerSchema,
  recommendExplorationQuerySchema,
  recommendExplorationSchema,
  recommendModelSchema,
  recommendPreviewSchema,
  recommendQualityQuerySchema,
  recommendQualitySchema,
  recommendStatusSchema,
  recommendWeightsSchema,
  surfaceNameSchema,
  surfaceSchema,
  surfaceUpdateSchema,
  trainingCreateSchema,
  trainingSchema,
} from '@zhiyin/contract';
import { accessOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, noContent, wholeList, withId, workspaceParams } from './api.ts';

const base = '/workspaces/:workspaceId/recommend';
const surfaceParams = workspaceParams.extend({ surface: surfaceNameSchema });
const tags = ['Recommendations'];

/** Surfaces and their rules, models, trainings, and what came of it. Programs ask for lists at /v1/recommend. */
export function recommendRoutes(app: Api, deps: HttpDeps): void {
  surfaceRoutes(app, deps);
  weightRoutes(app, deps);
  modelRoutes(app, deps);
  outcomeRoutes(app, deps);
}

function surfaceRoutes(app: Api, deps: HttpDeps): void {
  const { stores, recommend } = deps;
  const { control } = stores;
  const read = { policy: workspacePolicy('data:read') };
  const write = { policy: workspacePolicy('data:write') };

  app.get(
    `${base}/surfaces`,
    {
      config: read,
      schema: { tags, summary: 'Surfaces with their rules', params: workspaceParams, response: listOf(surfaceSchema) },
    },
    async (request) => wholeList(await recommend.listSurfaces(stores, workspaceOf(request))),
  );
  app.put(
    `${base}/surfaces/:surface`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a surface, or add one',
        params: surfaceParams,
        body: surfaceUpdateSchema,
        response: answers(surfaceSchema),
      },
    },
    (request) => {
      const { surface } = request.params;
      const entry = { action: 'recommend.surface.update', target: { kind: 'surface', id: surface } };
      return audited(control, request, entry, (act) =>
        recommend.updateSurface(stores, workspaceOf(request), surface, request.body, act),
      );
    },
  );
  app.delete(
    `${base}/surfaces/:surface`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Back to how it was seeded; an added one is gone',
        params: surfaceParams,
        response: noContent,
      },
    },
    async (request, reply) => {
      const { surface } = request.params;
      const entry = { action: 'recommend.surface.reset', target: { kind: 'surface', id: surface } };
      await audited(control, request, entry, (act) =>
        recommend.resetSurface(stores, workspaceOf(request), surface, act),
      );
      return reply.code(204).send(null);
    },
  );
  app.get(
    `${base}/attributes`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Attributes of the catalogue that rules can be made of',
        params: workspaceParams,
        response: listOf(itemAttributeSchema),
      },
    },
    async (request) => wholeList(await recommend.listAttributes(stores, workspaceOf(request))),
  );
  app.post(
    `${base}/preview`,
    {
      config: { policy: workspacePolicy('people:read') },
      schema: {
        tags,
        summary: 'What a person would get, and why; nothing is recorded',
        description: 'With `draft`, as if the surface had these settings.',
        params: workspaceParams,
        body: recommendPreviewSchema,
        response: answers(recommendAnswerSchema),
      },
    },
    (request) => recommend.preview(stores, workspaceOf(request), request.body),
  );
}

function weightRoutes(app: Api, deps: HttpDeps): void {
  const { stores, recommend } = deps;
  const { control } = stores;
  const response = answers(recommendWeightsSchema);
  const write = { policy: workspacePolicy('data:write') };

  app.get(
    `${base}/weights`,
    {
      config: { policy: workspacePolicy('data:read') },
      schema: { tags, summary: 'What each kind of deed says about taste', params: workspaceParams, response },
    },
    (request) => recommend.readWeights(stores, workspaceOf(request)),
  );
  app.put(
    `${base}/weights`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change what deeds say about taste: in answers at once, in models from the next training on',
        params: workspaceParams,
        body: deedWeightsSchema,
        response,
      },
    },
    (request) => {
      const entry = { action: 'recommend.weights.update', target: { kind: 'workspace', id: workspaceOf(request).id } };
      return audited(control, request, entry, (act) =>
        recommend.saveWeights(stores, workspaceOf(request), request.body, act),
      );
    },
  );
  app.delete(
    `${base}/weights`,
    { config: write, schema: { tags, summary: 'Back to the weights of Zhiyin', params: workspaceParams, response } },
    (request) => {
      const entry = { action: 'recommend.weights.reset', target: { kind: 'workspace', id: workspaceOf(request).id } };
      return audited(control, request, entry, (act) =>
        recommend.saveWeights(stores, workspaceOf(request), undefined, act),
      );
    },
  );
}

function modelRoutes(app: Api, deps: HttpDeps): void {
  const { stores, recommend, jobs } = deps;
  const { control } = stores;
  const read = { policy: workspacePolicy('data:read') };
  const write = { policy: workspacePolicy('data:write') };

  app.get(
    `${base}/models`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Models with their cards, newest first',
        params: workspaceParams,
        response: listOf(recommendModelSchema),
      },
    },
    async (request) => wholeList(await recommend.listModels(stores, workspaceOf(request))),
  );
  app.post(
    `${base}/models/:version/serve`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Serve this version from now on; an earlier one rolls back',
        params: withId('version'),
        response: answers(recommendModelSchema),
      },
    },
    (request) => {
      const { version } = request.params as { version: number };
      const entry = { action: 'recommend.model.serve', target: { kind: 'model', id: String(version) } };
      return audited(control, request, entry, (act) =>
        recommend.serveModel(stores, workspaceOf(request), version, act),
      );
    },
  );
  app.get(
    `${base}/trainings`,
    {
      config: read,
      schema: { tags, summary: 'Trainings, newest first', params: workspaceParams, response: listOf(trainingSchema) },
    },
    async (request) => wholeList(await recommend.listTrainings(stores, workspaceOf(request))),
  );
  app.post(
    `${base}/trainings`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Train now',
        params: workspaceParams,
        body: trainingCreateSchema,
        response: answers(trainingSchema),
      },
    },
    (request) => {
      const startedBy = accessOf(request).actor.kind === 'api_key' ? 'api_key' : 'operator';
      return audited(
        control,
        request,
        { action: 'recommend.train', target: { kind: 'workspace', id: String(workspaceOf(request).id) } },
        (act) =>
          recommend.startTraining(stores, workspaceOf(request), { ...request.body, startedBy }, { ...act, jobs }),
      );
    },
  );
  app.post(
    `${base}/trainings/:trainingId/cancel`,
    {
      config: write,
      schema: { tags, summary: 'Stop a training', params: withId('trainingId'), response: answers(trainingSchema) },
    },
    (request) => {
      const { trainingId } = request.params as { trainingId: number };
      const entry = { action: 'recommend.train.cancel', target: { kind: 'training', id: String(trainingId) } };
      return audited(control, request, entry, (act) =>
        recommend.cancelTraining(stores, workspaceOf(request), trainingId, { ...act, jobs }),
      );
    },
  );
}

function outcomeRoutes(app: Api, deps: HttpDeps): void {
  const { stores, recommend } = deps;
  const read = { policy: workspacePolicy('data:read') };

  app.get(
    `${base}/quality`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Live outcomes by surface and model version, with alarms',
        params: workspaceParams,
        querystring: recommendQualityQuerySchema,
        response: answers(recommendQualitySchema),
      },
    },
    (request) => recommend.readQuality(stores, workspaceOf(request), request.query),
  );
  app.get(
    `${base}/exploration`,
    {
      config: read,
      schema: {
        tags,
        summary: 'What trying items cost, and what came of it',
        params: workspaceParams,
        querystring: recommendExplorationQuerySchema,
        response: answers(recommendExplorationSchema),
      },
    },
    (request) => recommend.readExploration(stores, workspaceOf(request), request.query),
  );
  app.get(
    `${base}/status`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Catalogue in memory, served model, training, ledger',
        params: workspaceParams,
        response: answers(recommendStatusSchema),
      },
    },
    (request) => recommend.readStatus(stores, workspaceOf(request)),
  );
}
