import {
  computedTraitCreateSchema,
  computedTraitPreviewRequestSchema,
  computedTraitPreviewSchema,
  computedTraitSchema,
  computedTraitUpdateSchema,
} from '@zhiyin/contract';
import { viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, noContent, wholeList, withId, workspaceParams } from './api.ts';

const base = '/workspaces/:workspaceId/computed-traits';
const tags = ['Computed traits'];
const read = { policy: workspacePolicy('people:read') };
const write = { policy: workspacePolicy('people:write') };
const params = withId('traitId');

/** What is computed of people: aggregates of the brand's own, and what the platform computes beside them. */
export function computedTraitRoutes(app: Api, { stores, audiences, jobs }: HttpDeps): void {
  const entryOf = (verb: string, traitId: number | '') => ({
    action: `computed_trait.${verb}`,
    target: { kind: 'computed_trait', id: traitId },
  });

  app.get(
    base,
    {
      config: read,
      schema: { tags, summary: 'Computed traits', params: workspaceParams, response: listOf(computedTraitSchema) },
    },
    async (request) => wholeList(await audiences.listComputedTraits(stores, workspaceOf(request))),
  );
  app.post(
    base,
    {
      config: write,
      schema: {
        tags,
        summary: 'Define a trait; it is computed at once',
        params: workspaceParams,
        body: computedTraitCreateSchema,
        response: answers(computedTraitSchema),
      },
    },
    (request) =>
      audited(stores.control, request, entryOf('create', ''), (act) =>
        audiences.createComputedTrait(stores, workspaceOf(request), request.body, { ...act, jobs }),
      ),
  );
  app.post(
    `${base}/preview`,
    {
      // A question in SQL reads what events hold: for those who may change traits, not for everybody who may look.
      config: write,
      schema: {
        tags,
        summary: 'What a definition would give; nothing is kept',
        params: workspaceParams,
        body: computedTraitPreviewRequestSchema,
        response: answers(computedTraitPreviewSchema),
      },
    },
    (request) => audiences.previewComputedTrait(stores, workspaceOf(request), request.body.definition, viewOf(request)),
  );
  app.get(
    `${base}/:traitId`,
    { config: read, schema: { tags, summary: 'One computed trait', params, response: answers(computedTraitSchema) } },
    (request) => audiences.getComputedTrait(stores, workspaceOf(request), request.params.traitId),
  );
  app.patch(
    `${base}/:traitId`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change how a trait is computed; its name stays',
        params,
        body: computedTraitUpdateSchema,
        response: answers(computedTraitSchema),
      },
    },
    (request) => {
      const { traitId } = request.params;
      return audited(stores.control, request, entryOf('update', traitId), (act) =>
        audiences.updateComputedTrait(stores, workspaceOf(request), traitId, request.body, { ...act, jobs }),
      );
    },
  );
  app.post(
    `${base}/:traitId/refresh`,
    { config: write, schema: { tags, summary: 'Compute it now', params, response: answers(computedTraitSchema) } },
    (request) => {
      const { traitId } = request.params;
      return audited(stores.control, request, entryOf('refresh', traitId), (act) =>
        audiences.refreshComputedTrait(stores, workspaceOf(request), traitId, { ...act, jobs }),
      );
    },
  );
  app.delete(
    `${base}/:traitId`,
    {
      config: write,
      schema: { tags, summary: 'Delete a trait that no segment reads, and its values', params, response: noContent },
    },
    async (request, reply) => {
      const { traitId } = request.params;
      await audited(stores.control, request, entryOf('delete', traitId), (act) =>
        audiences.deleteComputedTrait(stores, workspaceOf(request), traitId, act),
      );
      return reply.code(204).send(null);
    },
  );
}
