import type { Logger } from 'pino';
import { asSourceId, asWorkspaceId, type SourceId, type WorkspaceId } from '../domain/ids.ts';
import type { ControlStore } from '../storage/control/control-store.ts';

/** What accepting needs to know of a source. */
export type CollectSource = {
  readonly id: SourceId;
  readonly workspaceId: WorkspaceId;
  /** The workspace's currency: the one of a price that names none. */
  readonly currency: string;
  /** Empty: any. */
  readonly allowedOrigins: readonly string[];
  readonly eventsPerSecondMax: number | null;
  readonly disabled: boolean;
};

export interface SourceDirectory {
  find(writeKey: string): CollectSource | undefined;
  /** Looks at the control store now, unless it did less than a second ago. Never throws. */
  refresh(): Promise<void>;
  /** False until the sources were read once: then no key can be called wrong. */
  isLoaded(): boolean;
  close(): Promise<void>;
}

const refreshEveryMs = 5_000;
const refreshPauseMs = 1_000;

/**
 * Write keys, kept in memory so that accepting asks nobody. Read again when the control store says `sources_changed`, and
 * every 5 s in case it could not say so. While the control store is away the last known keys stay good.
 */
export async function openSourceDirectory(options: {
  control: Pick<ControlStore, 'query' | 'listen'>;
  logger: Logger;
}): Promise<SourceDirectory> {
  const { control, logger } = options;
  let sources: ReadonlyMap<string, CollectSource> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;
  let failing = false;

  const load = async () => {
    loadedAt = performance.now();
    try {
      sources = await loadSources(control);
      if (failing) logger.info('collect: sources can be read again');
      failing = false;
    } catch (cause) {
      if (!failing) logger.warn({ err: cause }, 'collect: sources cannot be read; the last known write keys stay good');
      failing = true;
    }
  };
  /** One load at a time; a change during a load starts another after it. */
  const loadNow = async () => {
    while (loading) await loading;
    loading = load().finally(() => {
      loading = undefined;
    });
    await loading;
  };

  await loadNow();
  const stopListening = await control
    .listen('sources_changed', () => void loadNow())
    .catch((cause: unknown) => {
      logger.warn({ err: cause }, `collect: changes of sources are seen after up to ${refreshEveryMs} ms`);
      return async () => {};
    });
  const timer = setInterval(() => void loadNow(), refreshEveryMs);
  timer.unref();

  return {
    find: (writeKey) => sources?.get(writeKey),
    isLoaded: () => sources !== undefined,
    async refresh() {
      if (loading) await loading;
      else if (performance.now() - loadedAt >= refreshPauseMs) await loadNow();
    },
    async close() {
      clearInterval(timer);
      await stopListening();
      await loading;
    },
  };
}

type SourceRow = {
  id: number;
  workspace_id: number;
  write_key: string;
  settings: { allowedOrigins?: unknown; eventsPerSecondMax?: unknown } | null;
  disabled_at: Date | null;
  currency: string;
};

async function loadSources(control: Pick<ControlStore, 'query'>): Promise<ReadonlyMap<string, CollectSource>> {
  // Of all workspaces at once: the key is what tells the workspace.
  const rows = await control.query<SourceRow>(
    `select sources.id, sources.workspace_id, sources.write_key, sources.settings, sources.disabled_at, workspaces.currency
       from sources join workspaces on workspaces.id = sources.workspace_id`,
  );
  return new Map(
    rows.map((row) => [
      row.write_key,
      {
        id: asSourceId(row.id),
        workspaceId: asWorkspaceId(row.workspace_id),
        currency: row.currency,
        allowedOrigins: Array.isArray(row.settings?.allowedOrigins) ? row.settings.allowedOrigins.map(String) : [],
        eventsPerSecondMax:
          typeof row.settings?.eventsPerSecondMax === 'number' ? row.settings.eventsPerSecondMax : null,
        disabled: row.disabled_at !== null,
      },
    ]),
  );
}
