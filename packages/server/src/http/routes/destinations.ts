import {
  audienceExportCreateSchema,
  audienceExportSchema,
  audienceExportsQuerySchema,
  destinationCreatedSchema,
  destinationCreateSchema,
  destinationSchema,
  destinationTestedSchema,
  subscriptionCreateSchema,
  subscriptionSchema,
  subscriptionUpdateSchema,
} from '@zhiyin/contract';
import { z } from 'zod';
import { accessOf, viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { requireSameOrigin } from '../same-origin.ts';
import { type Api, answers, listOf, noContent, problems, wholeList, withId, workspaceParams } from './api.ts';

const base = '/workspaces/:workspaceId';
const tags = ['Destinations'];
const read = { policy: workspacePolicy('people:read') };
const write = { policy: workspacePolicy('people:write') };
/** Where data of this brand may go is a setting of the brand. */
const settings = { policy: workspacePolicy('settings:write') };
const subscriptionParams = withId('segmentId').extend(withId('subscriptionId').shape);

/** Segments and lists on their way out: files, webhooks, other databases. */
export function destinationRoutes(app: Api, deps: HttpDeps): void {
  placeRoutes(app, deps);
  exportRoutes(app, deps);
  subscriptionRoutes(app, deps);
}

function placeRoutes(app: Api, { stores, audiences }: HttpDeps): void {
  app.get(
    `${base}/destinations`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Where people can be sent',
        params: workspaceParams,
        response: listOf(destinationSchema),
      },
    },
    async (request) => wholeList(await audiences.listDestinations(stores, workspaceOf(request))),
  );
  app.post(
    `${base}/destinations`,
    {
      config: settings,
      schema: {
        tags,
        summary: 'Add a webhook or a table of another ClickHouse',
        description: 'The signing secret of a webhook is in this answer and in no later one.',
        params: workspaceParams,
        body: destinationCreateSchema,
        response: answers(destinationCreatedSchema),
      },
    },
    (request) =>
      audited(
        stores.control,
        request,
        { action: 'destination.create', target: { kind: 'destination', id: '' } },
        (act) => audiences.createDestination(stores, workspaceOf(request), request.body, act),
      ),
  );
  app.post(
    `${base}/destinations/:destinationId/test`,
    {
      config: settings,
      schema: {
        tags,
        summary: 'Send it a batch without people, and see what it says',
        params: withId('destinationId'),
        response: answers(destinationTestedSchema),
      },
    },
    (request) => {
      const { destinationId } = request.params as { destinationId: number };
      const entry = { action: 'destination.test', target: { kind: 'destination', id: destinationId } };
      return audited(stores.control, request, entry, () =>
        audiences.testDestination(stores, workspaceOf(request), destinationId),
      );
    },
  );
  app.delete(
    `${base}/destinations/:destinationId`,
    {
      config: settings,
      schema: {
        tags,
        summary: 'Remove it, and its subscriptions with it',
        params: withId('destinationId'),
        response: noContent,
      },
    },
    async (request, reply) => {
      const { destinationId } = request.params as { destinationId: number };
      const entry = { action: 'destination.delete', target: { kind: 'destination', id: destinationId } };
      await audited(stores.control, request, entry, (act) =>
        audiences.deleteDestination(stores, workspaceOf(request), destinationId, act),
      );
      return reply.code(204).send(null);
    },
  );
}

function exportRoutes(app: Api, deps: HttpDeps): void {
  const { stores, audiences, jobs } = deps;
  const exportParams = withId('exportId');

  app.get(
    `${base}/audience-exports`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Exports of segments and lists, latest first',
        params: workspaceParams,
        querystring: audienceExportsQuerySchema,
        response: listOf(audienceExportSchema),
      },
    },
    (request) => audiences.listExports(stores, workspaceOf(request), request.query),
  );
  app.post(
    `${base}/audience-exports`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Send a segment or a list out',
        description: 'Columns name, email, phone and user_id need people:reveal, here and when the file is fetched.',
        params: workspaceParams,
        body: audienceExportCreateSchema,
        response: answers(audienceExportSchema),
      },
    },
    (request) =>
      audited(stores.control, request, { action: 'audience.export', target: { kind: 'export', id: '' } }, (act) =>
        audiences.createExport(stores, workspaceOf(request), request.body, viewOf(request), { ...act, jobs }),
      ),
  );
  app.get(
    `${base}/audience-exports/:exportId`,
    {
      config: read,
      schema: {
        tags,
        summary: 'One export and how far it is',
        params: exportParams,
        response: answers(audienceExportSchema),
      },
    },
    (request) => audiences.getExport(stores, workspaceOf(request), request.params.exportId),
  );
  app.post(
    `${base}/audience-exports/:exportId/cancel`,
    {
      config: write,
      schema: { tags, summary: 'Stop an export', params: exportParams, response: answers(audienceExportSchema) },
    },
    (request) => {
      const { exportId } = request.params as { exportId: number };
      const entry = { action: 'audience.export.cancel', target: { kind: 'export', id: exportId } };
      return audited(stores.control, request, entry, (act) =>
        audiences.cancelExport(stores, workspaceOf(request), exportId, { ...act, jobs }),
      );
    },
  );
  app.get(
    `${base}/audience-exports/:exportId/file`,
    {
      config: read,
      schema: {
        tags,
        summary: 'The file of an export',
        params: exportParams,
        response: { 200: z.any().meta({ description: 'The file' }), ...problems },
      },
    },
    async (request, reply) => {
      // A link on another site must not make somebody's browser fetch people.
      if (accessOf(request).signedIn) requireSameOrigin(request, deps.publicUrl);
      const { exportId } = request.params;
      const entry = { action: 'audience.export.fetch', target: { kind: 'export', id: exportId } };
      const file = await audited(stores.control, request, entry, () =>
        audiences.openExportFile(stores, workspaceOf(request), exportId, viewOf(request)),
      );
      return reply
        .header('content-type', file.contentType)
        .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`)
        .send(file.body);
    },
  );
}

function subscriptionRoutes(app: Api, { stores, audiences }: HttpDeps): void {
  const all = `${base}/segments/:segmentId/subscriptions`;
  const entryOf = (verb: string, segmentId: number) => ({
    action: `subscription.${verb}`,
    target: { kind: 'segment', id: segmentId },
  });

  app.get(
    all,
    {
      config: read,
      schema: {
        tags,
        summary: 'Destinations that hear who enters and leaves',
        params: withId('segmentId'),
        response: listOf(subscriptionSchema),
      },
    },
    async (request) =>
      wholeList(await audiences.listSubscriptions(stores, workspaceOf(request), request.params.segmentId)),
  );
  app.post(
    all,
    {
      config: write,
      schema: {
        tags,
        summary: 'Tell a destination who enters and leaves from now on',
        params: withId('segmentId'),
        body: subscriptionCreateSchema,
        response: answers(subscriptionSchema),
      },
    },
    (request) => {
      const { segmentId } = request.params;
      return audited(stores.control, request, entryOf('create', segmentId), (act) =>
        audiences.createSubscription(stores, workspaceOf(request), segmentId, request.body, viewOf(request), act),
      );
    },
  );
  app.patch(
    `${all}/:subscriptionId`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Switch it off or on',
        params: subscriptionParams,
        body: subscriptionUpdateSchema,
        response: answers(subscriptionSchema),
      },
    },
    (request) => {
      const { segmentId, subscriptionId } = request.params;
      return audited(stores.control, request, entryOf('update', segmentId), (act) =>
        audiences.updateSubscription(stores, workspaceOf(request), segmentId, subscriptionId, request.body, act),
      );
    },
  );
  app.delete(
    `${all}/:subscriptionId`,
    { config: write, schema: { tags, summary: 'Tell it no more', params: subscriptionParams, response: noContent } },
    async (request, reply) => {
      const { segmentId, subscriptionId } = request.params;
      await audited(stores.control, request, entryOf('delete', segmentId), (act) =>
        audiences.deleteSubscription(stores, workspaceOf(request), segmentId, subscriptionId, act),
      );
      return reply.code(204).send(null);
    },
  );
}
