import {
  clusteringAnswerSchema,
  clusterSchema,
  clusterUpdateSchema,
  companiesQuerySchema,
  companyRowSchema,
  companySchema,
  customerPanelNameSchema,
  customerPanelSchema,
  customerPeopleQuerySchema,
  customerPersonSchema,
  customerRunCreateSchema,
  customerRunKinds,
  customerRunSchema,
  customerSettingsAnswerSchema,
  customerSettingsSchema,
  influenceSchema,
  lookAlikeSchema,
  rfmMigrationQuerySchema,
  rfmMigrationSchema,
  rfmQuerySchema,
  rfmSchema,
} from '@zhiyin/contract';
import { z } from 'zod';
import { accessOf, viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, wholeList, withId, workspaceParams } from './api.ts';

const base = '/workspaces/:workspaceId/customers';
const tags = ['Customers'];
const read = { policy: workspacePolicy('data:read') };
const readPeople = { policy: workspacePolicy('people:read') };
const write = { policy: workspacePolicy('data:write') };
const companyParams = workspaceParams.extend({ groupId: z.string().min(1).max(500) });

/** Customers as groups: RFM, clusters, look-alikes, influence, companies. */
export function customerRoutes(app: Api, deps: HttpDeps): void {
  groupRoutes(app, deps);
  runRoutes(app, deps);
  companyRoutes(app, deps);
}

function groupRoutes(app: Api, deps: HttpDeps): void {
  const { stores, customers } = deps;
  app.get(
    `${base}/settings`,
    {
      config: read,
      schema: {
        tags,
        summary: 'How customers are grouped',
        params: workspaceParams,
        response: answers(customerSettingsAnswerSchema),
      },
    },
    (request) => customers.readSettings(stores, workspaceOf(request)),
  );
  app.put(
    `${base}/settings`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Change how customers are grouped',
        params: workspaceParams,
        body: customerSettingsSchema,
        response: answers(customerSettingsAnswerSchema),
      },
    },
    (request) => {
      const workspace = workspaceOf(request);
      const entry = { action: 'customers.settings', target: { kind: 'workspace', id: String(workspace.id) } };
      return audited(stores.control, request, entry, (act) =>
        customers.saveSettings(stores, workspace, request.body, act),
      );
    },
  );
  app.get(
    `${base}/rfm`,
    {
      config: read,
      schema: {
        tags,
        summary: 'RFM: groups, cells and what each score stands for',
        params: workspaceParams,
        querystring: rfmQuerySchema,
        response: answers(rfmSchema),
      },
    },
    (request) => customers.readRfm(stores, workspaceOf(request), request.query),
  );
  app.get(
    `${base}/rfm/migration`,
    {
      config: read,
      schema: {
        tags,
        summary: 'How customers moved between groups',
        params: workspaceParams,
        querystring: rfmMigrationQuerySchema,
        response: answers(rfmMigrationSchema),
      },
    },
    (request) => customers.readMigration(stores, workspaceOf(request), request.query),
  );
  app.get(
    `${base}/panels/:panel`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Value of customers by tenths, and cohorts by month of the first order',
        params: workspaceParams.extend({ panel: customerPanelNameSchema }),
        response: answers(customerPanelSchema),
      },
    },
    (request) => customers.readPanel(stores, workspaceOf(request), request.params.panel),
  );
  app.get(
    `${base}/people`,
    {
      config: readPeople,
      schema: {
        tags,
        summary: 'People of an RFM group, a cluster or a community, who spent most first',
        params: workspaceParams,
        querystring: customerPeopleQuerySchema,
        response: listOf(customerPersonSchema),
      },
    },
    (request) => customers.listPeople(stores, workspaceOf(request), request.query, viewOf(request)),
  );
  app.get(
    `${base}/clusters`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Clusters of the last run',
        params: workspaceParams,
        response: answers(clusteringAnswerSchema),
      },
    },
    (request) => customers.readClusters(stores, workspaceOf(request)),
  );
  app.patch(
    `${base}/clusters/:clusterKey`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Give a cluster a name of your own',
        params: withId('clusterKey'),
        body: clusterUpdateSchema,
        response: answers(clusterSchema),
      },
    },
    (request) => {
      const { clusterKey } = request.params as { clusterKey: number };
      const entry = { action: 'customers.cluster.label', target: { kind: 'cluster', id: String(clusterKey) } };
      return audited(stores.control, request, entry, (act) =>
        customers.labelCluster(stores, workspaceOf(request), clusterKey, request.body.label, act),
      );
    },
  );
}

function runRoutes(app: Api, deps: HttpDeps): void {
  const { stores, customers, jobs } = deps;
  app.get(
    `${base}/runs`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Groupings, clusterings, look-alikes and graph runs, newest first',
        params: workspaceParams,
        querystring: z.strictObject({ kind: z.enum(customerRunKinds).optional() }),
        response: listOf(customerRunSchema),
      },
    },
    async (request) => wholeList(await customers.listRuns(stores, workspaceOf(request), request.query.kind)),
  );
  app.post(
    `${base}/runs`,
    {
      config: write,
      schema: {
        tags,
        summary: 'Group, cluster, find look-alikes or read the graph now',
        params: workspaceParams,
        body: customerRunCreateSchema,
        response: answers(customerRunSchema),
      },
    },
    (request) => {
      const startedBy = accessOf(request).actor.kind === 'api_key' ? 'api_key' : 'operator';
      const entry = { action: 'customers.run', target: { kind: 'workspace', id: String(workspaceOf(request).id) } };
      return audited(stores.control, request, entry, (act) =>
        customers.startRun(stores, workspaceOf(request), { request: request.body, startedBy }, { ...act, jobs }),
      );
    },
  );
  app.post(
    `${base}/runs/:runId/cancel`,
    {
      config: write,
      schema: { tags, summary: 'Stop a run', params: withId('runId'), response: answers(customerRunSchema) },
    },
    (request) => {
      const { runId } = request.params as { runId: number };
      const entry = { action: 'customers.run.cancel', target: { kind: 'run', id: String(runId) } };
      return audited(stores.control, request, entry, (act) =>
        customers.cancelRun(stores, workspaceOf(request), runId, { ...act, jobs }),
      );
    },
  );
  app.get(
    `${base}/look-alikes`,
    {
      config: read,
      schema: {
        tags,
        summary: 'Look-alikes, newest first',
        params: workspaceParams,
        response: listOf(lookAlikeSchema),
      },
    },
    async (request) => wholeList(await customers.listLookAlikes(stores, workspaceOf(request))),
  );
  app.get(
    `${base}/influence`,
    {
      config: readPeople,
      schema: {
        tags,
        summary: 'Who moves others, and communities',
        params: workspaceParams,
        response: answers(influenceSchema),
      },
    },
    (request) => customers.readInfluence(stores, workspaceOf(request), viewOf(request)),
  );
}

function companyRoutes(app: Api, deps: HttpDeps): void {
  const { stores, customers } = deps;
  app.get(
    '/workspaces/:workspaceId/companies',
    {
      config: readPeople,
      schema: {
        tags,
        summary: 'Companies by group calls, with what their people did and bought',
        params: workspaceParams,
        querystring: companiesQuerySchema,
        response: listOf(companyRowSchema),
      },
    },
    (request) => customers.listCompanies(stores, workspaceOf(request), request.query),
  );
  app.get(
    '/workspaces/:workspaceId/companies/:groupId',
    {
      config: readPeople,
      schema: { tags, summary: 'One company and its people', params: companyParams, response: answers(companySchema) },
    },
    (request) => customers.getCompany(stores, workspaceOf(request), request.params.groupId, viewOf(request)),
  );
}
