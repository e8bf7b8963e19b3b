import type { IdentityKind } from '../../domain/identity.ts';
import type { IdentityId, ImportId, SourceId, WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { ControlSession } from '../../storage/control/control-store.ts';
import type { Stores } from '../../storage/stores.ts';
import type { JournalWriter } from '../journal/journal.ts';
import type { CleaningRules } from './import-plan.ts';

export type SeenPerson = {
  readonly identityId: IdentityId;
  readonly kind: IdentityKind;
  readonly value: string;
  readonly firstSeenAt: Date;
};
export type SeenPair = { readonly lowId: IdentityId; readonly highId: IdentityId; readonly firstSeenAt: Date };

/** What imports need of the stages after them, put together by `worker.ts` and `main.ts`. */
export type ImportPorts = {
  readonly rules: CleaningRules;
  /** Identity resolution: vault and graph learn of these people and of who is who. Told the same twice, it changes nothing. */
  registerPeople(
    stores: Stores,
    workspace: Workspace,
    seen: { readonly sourceId: SourceId; readonly people: readonly SeenPerson[]; readonly pairs: readonly SeenPair[] },
  ): Promise<void>;
};

export type ImportLog = { info(details: object, message: string): void; warn(details: object, message: string): void };

export type ImportDeps = {
  readonly ports: ImportPorts;
  readonly importDir: string;
  readonly diskReserveBytes: number;
  readonly database: string;
  /** The engine can open files under `importDir` by their path. */
  readonly engineReadsFiles: boolean;
  readonly log: ImportLog;
  readonly now?: () => Date;
};

/** What the caller of a change hands in, so that the audit entry is part of the change. */
export type ImportAct = {
  readonly actor: { readonly kind: string; readonly id?: number | null };
  readonly audit: (
    session: ControlSession,
    details?: Readonly<Record<string, string | number | boolean | null>>,
  ) => Promise<void>;
};

export type RunOptions = {
  readonly signal: AbortSignal;
  readonly journal: JournalWriter;
  readonly onProgress?: (progress: ImportProgress) => Promise<void> | void;
};

export type ImportProgress = {
  readonly stage: string;
  readonly rowsDone: number;
  readonly rowsTotal: number | null;
  readonly secondsLeft: number | null;
};
export type ImportKey = { readonly workspaceId: WorkspaceId; readonly importId: ImportId };
