import path from 'node:path';
import { Readable } from 'node:stream';
import type { EventRow, Import, Page, Person, RecommendModel, Training } from '@zhiyin/contract';
import type { RecommendStage } from '../../recommend/index.ts';
import type { CleanStage, ImportStage, MeasureStage, ProfileStage } from '../deps.ts';

/** Stages that keep nothing and answer in the shape of the contract: enough to test what stands between them and the network. */
const emptyPage = <Row>(): Page<Row> => ({ rows: [], nextCursor: null, total: 0 });
const at = '2026-01-02T03:04:05.000Z';

export const anEventRow: EventRow = {
  messageKey: '00000000-0000-4000-8000-000000000001',
  profileId: '77',
  type: 'track',
  name: 'product_viewed',
  occurredAt: at,
  receivedAt: at,
  source: 'Shop',
  properties: {},
  context: {},
  repairs: [],
};

const aPerson = (profileId: string): Person => ({
  profileId,
  displayName: 'Visitor 4f2a',
  isKnown: false,
  firstSeenAt: null,
  lastSeenAt: null,
  events: 0,
  orders: 0,
  revenueMinor: 0,
  currency: 'CNY',
  identities: [],
  merges: [],
  traits: [],
  computedTraits: [],
  consent: [],
  value: {
    orders: 0,
    revenueMinor: 0,
    refundedMinor: 0,
    averageOrderMinor: null,
    firstOrderAt: null,
    lastOrderAt: null,
    daysSinceLastOrder: null,
  },
  activity: [],
  favourites: [],
  groups: [],
});

const anImport = (id: number, state: Import['state'] = 'ready'): Import => ({
  id,
  fileName: 'orders.csv',
  sizeBytes: 10,
  kind: 'orders',
  state,
  detected: {
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    hasHeader: true,
    rowsEstimate: 1,
    columns: [{ name: 'email', samples: ['li@example.com'], field: 'email', confidence: 1, because: 'header' }],
    kindGuess: 'orders',
  },
  mapping: {},
  options: {},
  progress: null,
  report: null,
  error: null,
  createdAt: at,
  startedAt: null,
  endedAt: null,
});

/** Files of audiences below one folder. */
export const audienceDirs = (dataDir: string) => ({
  uploadDir: path.join(dataDir, 'uploads'),
  exportDir: path.join(dataDir, 'exports'),
  importDir: path.join(dataDir, 'imports'),
  diskReserveBytes: 0,
  engineReadsFiles: true,
});

export const fakeProfile: ProfileStage = {
  listPeople: async () => emptyPage(),
  getPerson: async (_stores, _workspace, profileId) => aPerson(profileId),
  listPersonEvents: async () => emptyPage(),
};

const aQuery = { statement: 'SELECT 1', parameters: {}, elapsedMs: 1, rowsRead: 1 };

export const fakeMeasure: MeasureStage = {
  readOverviewPanel: async (_stores, _workspace, name) => ({
    name,
    columns: [{ key: 'people', type: 'number' }],
    rows: [{ people: 1 }],
    query: aQuery,
    asOf: at,
  }),
  readOverviewExtent: async () => ({ firstEventAt: null, lastEventAt: null, events: 0 }),
  readHealth: async () => ({
    balance: { received: 0, valid: 0, duplicate: 0, quarantined: 0, pending: 0, difference: 0 },
    oldestPendingMs: 0,
    days: [],
    sources: [],
    reasons: [],
    repairs: [],
    queries: { balance: aQuery, outcomes: aQuery, repairs: aQuery },
    asOf: at,
  }),
  listEvents: async () => ({ rows: [anEventRow], nextCursor: null, total: null }),
  async *followEvents(_stores, _workspace, { signal }) {
    yield [anEventRow];
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
  listItems: async () => emptyPage(),
  listReviews: async () => emptyPage(),
  listSpend: async () => emptyPage(),
};

export const fakeClean: CleanStage = {
  listQuarantine: async () => emptyPage(),
  previewRepair: async () => ({ total: 0, rows: [] }),
  replayQuarantine: async () => ({ records: 3, jobId: null }),
  discardQuarantine: async () => ({ records: 2, jobId: null }),
  listRepairRules: async () => [],
  updateRepairRule: async (_stores, _workspace, id, { enabled }) => ({
    id,
    name: 'rule',
    matches: {},
    actions: [],
    enabled,
    createdAt: at,
  }),
  deleteRepairRule: async () => undefined,
  listRefusals: async () => emptyPage(),
  unmerge: async (_stores, _workspace, { lowId, highId }) => ({ profileIds: [lowId, highId] }),
  remerge: async (_stores, _workspace, { lowId }) => ({ profileIds: [lowId] }),
  listProperties: async () => [],
  updateProperty: async (_stores, _workspace, { property, action }) => ({
    property,
    class: 'email',
    action,
    decidedHere: true,
    valueType: 'text',
    records: 0,
    lastSeenAt: null,
  }),
};

const aModel: RecommendModel = {
  version: 1,
  kind: 'item-knn',
  state: 'serving',
  measures: null,
  baseline: null,
  verdict: '',
  data: { from: null, to: null, people: 0, items: 0, interactions: 0 },
  tried: [],
  fitSeconds: 0,
  sizeBytes: 0,
  checksum: '',
  trainedAt: at,
  servedSince: at,
};
const aTraining: Training = {
  id: 1,
  state: 'queued',
  stage: '',
  progress: 0,
  startedBy: 'operator',
  modelVersion: null,
  error: null,
  createdAt: at,
  startedAt: null,
  endedAt: null,
};

const aWeight = { weight: 1, halfLifeDays: 30 };
const someWeights = {
  viewed: aWeight,
  added: aWeight,
  wished: aWeight,
  bought: aWeight,
  liked: aWeight,
  shared: aWeight,
  disliked: aWeight,
  returned: aWeight,
  removed: aWeight,
};
const fakeWeights = { weights: someWeights, defaults: someWeights, deeds30d: [], updatedAt: null };

export const fakeRecommend: RecommendStage = {
  listSurfaces: async () => [],
  updateSurface: async (_stores, _workspace, surface, update) => ({
    ...update,
    surface,
    isChanged: true,
    answers7d: 0,
    updatedAt: at,
  }),
  resetSurface: async () => undefined,
  preview: async (_stores, _workspace, { surface }) => ({
    decisionId: '00000000-0000-4000-8000-000000000001',
    surface,
    items: [],
    personalised: false,
    notes: ['empty_catalogue'],
    model: 'popularity',
    modelVersion: '0',
    propensity: 1,
    methods: [],
    fallback: false,
    experiment: null,
    decidedAt: at,
  }),
  listAttributes: async () => [],
  readWeights: async () => fakeWeights,
  saveWeights: async () => fakeWeights,
  listModels: async () => [aModel],
  serveModel: async (_stores, _workspace, version) => ({ ...aModel, version }),
  listTrainings: async () => [aTraining],
  startTraining: async () => aTraining,
  cancelTraining: async (_stores, _workspace, id) => ({ ...aTraining, id, state: 'cancelled' }),
  readQuality: async () => ({ rows: [], days: [], alarms: [], queries: [], asOf: at }),
  readExploration: async () => ({ surfaces: [], queries: [], asOf: at }),
  readStatus: async () => ({
    catalogue: { items: 0, inStock: 0, newItems: 0, memoryBytes: 0, loadedAt: null },
    model: null,
    training: null,
    decisions: { written: 0, waiting: 0, lost: 0 },
    freshEvents: 0,
  }),
};

export const fakeImports: ImportStage = {
  createImport: async () => anImport(1, 'uploading'),
  async receiveImportFile(_stores, _workspace, importId, bytes) {
    let sizeBytes = 0;
    for await (const chunk of bytes) sizeBytes += (chunk as Buffer).length;
    return { ...anImport(importId), sizeBytes };
  },
  getImport: async (_stores, _workspace, importId) => anImport(importId),
  listImports: async () => ({ rows: [anImport(1)], nextCursor: null, total: 1 }),
  updateImport: async (_stores, _workspace, importId) => anImport(importId),
  previewImport: async () => ({ rows: [], problems: [] }),
  startImport: async (_stores, _workspace, importId) => anImport(importId, 'queued'),
  cancelImport: async (_stores, _workspace, importId) => anImport(importId, 'cancelled'),
  listMappings: async () => [],
  saveMapping: async (_stores, _workspace, mapping) => ({ id: 1, ...mapping }),
  deleteMapping: async () => undefined,
  exportRows: async (_stores, _workspace, { what, format }) => ({
    body: Readable.from(['a,b\n1,2\n']),
    contentType: 'text/csv',
    fileName: `${what}.${format}`,
  }),
};
