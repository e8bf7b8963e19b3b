import type { Readable } from 'node:stream';
import type * as contract from '@zhiyin/contract';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Workspace } from '../domain/workspace.ts';
import type { Jobs } from '../jobs/index.ts';
import type { LlmStage } from '../llm/index.ts';
import type { CustomerStage } from '../profile/customers/index.ts';
import type { AudienceStage } from '../profile/index.ts';
import type { PredictionsStage } from '../profile/predictions/index.ts';
import type { SegmentsStage } from '../profile/segments/index.ts';
import type { RecommendStage } from '../recommend/index.ts';
import type { ControlSession } from '../storage/control/control-store.ts';
import type { Stores } from '../storage/stores.ts';
import type { Actor, AuditDetails, Passwords, SignInThrottle, WorkspaceDirectory } from '../trust/index.ts';
import type { RateLimit } from './rate-limit.ts';
import type { ReadinessCheck } from './readiness.ts';

type Of<Schema extends z.ZodType> = z.output<Schema>;
type PageOf<Schema extends z.ZodType> = contract.Page<Of<Schema>>;
type Stage<Rest extends readonly unknown[], Answer> = (
  stores: Stores,
  workspace: Workspace,
  ...rest: Rest
) => Promise<Answer>;

/** How people are shown: masked without the right to see them in clear. */
export type View = { readonly reveal: boolean; readonly locale: contract.Locale };

/**
 * Handed to stages that change something. Called inside their transaction, the audit entry is there exactly when the
 * change is; a stage that does not call it gets its entry right after it returns.
 */
export type Act = {
  readonly actor: Actor;
  readonly audit: (session: ControlSession, details?: AuditDetails) => Promise<void>;
};

export type ProfileStage = {
  listPeople: Stage<[query: Of<typeof contract.peopleQuerySchema>, view: View], contract.Page<contract.PersonRow>>;
  getPerson: Stage<[profileId: string, view: View], contract.Person>;
  listPersonEvents: Stage<
    [profileId: string, query: Of<typeof contract.personEventsQuerySchema>],
    contract.Page<contract.EventRow>
  >;
};

export type MeasureStage = {
  readOverviewPanel: Stage<[panel: contract.OverviewPanelName, query: contract.OverviewQuery], contract.Panel>;
  readOverviewExtent: Stage<[], contract.OverviewExtent>;
  readHealth: Stage<[range: contract.RangeQuery], contract.Health>;
  listEvents: Stage<[query: Of<typeof contract.eventsQuerySchema>], contract.Page<contract.EventRow>>;
  followEvents: (
    stores: Stores,
    workspace: Workspace,
    options: { signal: AbortSignal },
  ) => AsyncIterable<contract.EventRow[]>;
  listItems: Stage<[query: Of<typeof contract.libraryQuerySchema>], PageOf<typeof contract.itemRowSchema>>;
  listReviews: Stage<[query: Of<typeof contract.libraryQuerySchema>], PageOf<typeof contract.reviewRowSchema>>;
  listSpend: Stage<[query: Of<typeof contract.libraryQuerySchema>], PageOf<typeof contract.spendRowSchema>>;
};

export type Unmerge = Of<typeof contract.unmergeRequestSchema>;

export type CleanStage = {
  listQuarantine: Stage<
    [query: Of<typeof contract.quarantineQuerySchema>, view: View],
    contract.Page<contract.QuarantineRow>
  >;
  previewRepair: Stage<[request: Of<typeof contract.repairRequestSchema>, view: View], contract.RepairPreview>;
  /** Small sets at once; from 1,000 records on as a job. */
  replayQuarantine: Stage<
    [request: Of<typeof contract.repairRequestSchema>, act: Act & { jobs: Jobs }],
    Of<typeof contract.repairStartedSchema>
  >;
  discardQuarantine: Stage<
    [filter: Of<typeof contract.quarantineFilterSchema>, act: Act],
    Of<typeof contract.repairStartedSchema>
  >;
  listRepairRules: Stage<[], contract.RepairRule[]>;
  updateRepairRule: Stage<[ruleId: number, update: { enabled: boolean }, act: Act], contract.RepairRule>;
  deleteRepairRule: Stage<[ruleId: number, act: Act], void>;
  listRefusals: Stage<[query: Of<typeof contract.pageQuerySchema>, view: View], contract.Page<contract.Refusal>>;
  unmerge: Stage<[edge: Unmerge, act: Act], Of<typeof contract.unmergedSchema>>;
  remerge: Stage<[edge: Unmerge, act: Act], Of<typeof contract.unmergedSchema>>;
  listProperties: Stage<[], contract.Property[]>;
  updateProperty: Stage<[update: Of<typeof contract.propertyUpdateSchema>, act: Act], contract.Property>;
};

export type ExportRequest = {
  readonly what: string;
  readonly format: 'csv' | 'ndjson' | 'parquet';
  readonly reveal: boolean;
};
export type ExportFile = { readonly body: Readable; readonly contentType: string; readonly fileName: string };

export type ImportStage = {
  createImport: Stage<[create: Of<typeof contract.importCreateSchema>, act: Act], contract.Import>;
  receiveImportFile: Stage<[importId: number, bytes: Readable, act: Act], contract.Import>;
  getImport: Stage<[importId: number], contract.Import>;
  listImports: Stage<[query: Of<typeof contract.pageQuerySchema>], contract.Page<contract.Import>>;
  updateImport: Stage<[importId: number, update: Of<typeof contract.importUpdateSchema>, act: Act], contract.Import>;
  previewImport: Stage<[importId: number], contract.ImportPreview>;
  /** Makes it `queued`; the job is sent after this returned. */
  startImport: Stage<[importId: number, act: Act], contract.Import>;
  cancelImport: Stage<[importId: number, act: Act], contract.Import>;
  listMappings: Stage<[], Of<typeof contract.savedMappingSchema>[]>;
  saveMapping: Stage<
    [mapping: Of<typeof contract.savedMappingCreateSchema>, act: Act],
    Of<typeof contract.savedMappingSchema>
  >;
  deleteMapping: Stage<[mappingId: number, act: Act], void>;
  exportRows: (
    stores: Stores,
    workspace: Workspace,
    request: ExportRequest,
    options: { signal: AbortSignal },
  ) => Promise<ExportFile>;
};

/** Everything the HTTP side needs, put together by `main.ts`. */
export type HttpDeps = {
  readonly stores: Stores;
  readonly workspaces: WorkspaceDirectory;
  readonly passwords: Passwords;
  readonly throttle: SignInThrottle;
  readonly jobs: Jobs;
  readonly profile: ProfileStage;
  readonly customers: CustomerStage;
  readonly measure: MeasureStage;
  readonly clean: CleanStage;
  readonly imports: ImportStage;
  readonly predictions: PredictionsStage;
  readonly segments: SegmentsStage;
  readonly audiences: AudienceStage;
  readonly recommend: RecommendStage;
  readonly llm: LlmStage;
  readonly metrics: () => Promise<string>;
  readonly readiness: readonly ReadinessCheck[];
  readonly logger: FastifyBaseLogger;
  readonly version: string;
  readonly dataDir: string;
  /** Free bytes below which an upload is refused. */
  readonly diskReserveBytes: number;
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean;
  /** Where the built console lies. */
  readonly consoleDir: string;
  /** Registers the collect endpoints and the tracker, which check their own keys. */
  readonly collect?: (app: FastifyInstance) => Promise<void>;
  /** Registers /v1/recommend, which checks API keys and write keys itself. */
  readonly recommendDoor?: (app: FastifyInstance) => Promise<void>;
  /** Lower in tests. */
  readonly limits?: {
    readonly perAddress?: RateLimit;
    readonly perActor?: RateLimit;
    readonly streamsPerWorkspace?: number;
    readonly heartbeatMs?: number;
  };
};
