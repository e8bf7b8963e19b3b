import type { Config } from '../config.ts';
import { AppError } from '../domain/app-error.ts';
import { type ControlStoreAddress, type EmbeddedPostgres, startEmbeddedPostgres } from './control/index.ts';
import type { StorageLogger } from './engines/supervise.ts';
import { type EmbeddedClickHouse, type EventStoreAddress, startEmbeddedClickHouse } from './events/index.ts';

/** Plain JSON, so that the main process can hand it to its worker. Holds passwords: pass it on a pipe, never log it. */
export type StoreAddresses = { readonly events: EventStoreAddress; readonly control: ControlStoreAddress };

export type Engines = {
  readonly addresses: StoreAddresses;
  /** What runs as our child: for metrics and doctor. */
  status(): { name: 'ClickHouse' | 'PostgreSQL'; pid: number | undefined; restarts: number }[];
  stop(): Promise<void>;
};

/** Starts an engine for each store that no URL is given for. Main process only; the worker gets `addresses`. */
export async function startEngines(config: Config, logger: StorageLogger): Promise<Engines> {
  assertPlatform(config);
  const started = await Promise.allSettled([
    config.events.url ? undefined : startClickHouse(config, logger),
    config.control.url ? undefined : startEmbeddedPostgres({ dir: config.control.embeddedDir, logger }),
  ]);
  const [clickHouse, postgres] = started.map((result) =>
    result.status === 'fulfilled' ? result.value : undefined,
  ) as [EmbeddedClickHouse | undefined, EmbeddedPostgres | undefined];
  const stop = async () => void (await Promise.all([clickHouse?.stop(), postgres?.stop()]));
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return {
    addresses: {
      events: clickHouse?.address ?? externalEvents(config),
      control: {
        connectionString: postgres?.connectionString ?? config.control.url ?? '',
        schema: config.control.schema,
        embedded: postgres !== undefined,
      },
    },
    status: () => [
      ...(clickHouse ? [{ name: 'ClickHouse' as const, pid: clickHouse.pid(), restarts: clickHouse.restarts() }] : []),
      ...(postgres ? [{ name: 'PostgreSQL' as const, pid: postgres.pid(), restarts: postgres.restarts() }] : []),
    ],
    stop,
  };
}

const startClickHouse = (config: Config, logger: StorageLogger) =>
  startEmbeddedClickHouse({
    dir: config.events.embeddedDir,
    database: config.events.database,
    memoryBytesMax: config.events.memoryBytesMax,
    threads: config.events.threads,
    importDir: config.events.importDir,
    logger,
  });

function externalEvents(config: Config): EventStoreAddress {
  const user = { user: config.events.user, password: config.events.password };
  return {
    nodes: config.events.nodes,
    database: config.events.database,
    cluster: config.events.cluster ?? null,
    engineFamily: config.events.engineFamily,
    embedded: false,
    users: { app: user, import: user, admin: user },
    importDir: null,
    threads: config.events.threads,
    embeddedBackupDir: null,
  };
}

function assertPlatform(config: Config): void {
  const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64';
  if (isLinuxX64 || (config.events.url && config.control.url)) return;
  throw new AppError('config.invalid', `no embedded stores for ${process.platform}-${process.arch}`, {
    details: {
      field: config.events.url ? 'DATABASE_URL' : 'CLICKHOUSE_URL',
      fix: 'Set CLICKHOUSE_URL and DATABASE_URL to servers of your own; the embedded ones exist for Linux on x64.',
    },
  });
}
