import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../domain/app-error.ts';
import { freePort } from '../engines/free-port.ts';
import { loadOrCreateFacts, newSecret, writePrivateFile } from '../engines/private-file.ts';
import { type StorageLogger, supervise } from '../engines/supervise.ts';
import type { EventStoreAddress } from './event-store-address.ts';
import { type EngineCluster, renderEngineConfig, renderEngineUsers } from './render-engine-config.ts';

export type EmbeddedClickHouseOptions = {
  readonly dir: string;
  readonly database: string;
  readonly memoryBytesMax: number;
  readonly threads: number;
  /** Files that imports read stand below it. */
  readonly importDir: string;
  readonly logger: StorageLogger;
  /** Databases the app's users may use, as in GRANT. Default: `database` alone. */
  readonly databases?: string;
  /** Makes this server a node of a cluster: also listens with the native protocol on `tcpPort`. */
  readonly cluster?: EngineCluster & { readonly tcpPort: number; readonly httpPort: number };
};

export type EmbeddedClickHouse = {
  readonly address: EventStoreAddress;
  /** Directory below which BACKUP … TO File may write. */
  readonly backupDir: string;
  pid(): number | undefined;
  restarts(): number;
  stop(): Promise<void>;
};

const host = fileURLToPath(new URL('./engine-host.cjs', import.meta.url));

/** The event store of one machine: a ClickHouse server as a child that is watched, restarted, and never outlives us. */
export async function startEmbeddedClickHouse(options: EmbeddedClickHouseOptions): Promise<EmbeddedClickHouse> {
  const dir = path.resolve(options.dir);
  const backupDir = path.join(dir, 'backups');
  mkdirSync(path.join(dir, 'store'), { recursive: true, mode: 0o700 });
  mkdirSync(backupDir, { recursive: true, mode: 0o700 });

  const factsFile = path.join(dir, 'engine.json');
  const facts = loadOrCreateFacts(factsFile, () => ({
    port: 0,
    app: newSecret(),
    import: newSecret(),
    admin: options.cluster?.adminPassword ?? newSecret(),
  }));
  const port = options.cluster?.httpPort ?? (await freePort(facts.port));
  if (port !== facts.port) writePrivateFile(factsFile, `${JSON.stringify({ ...facts, port }, null, 2)}\n`);

  const usersFile = path.join(dir, 'users.xml');
  const configFile = path.join(dir, 'config.xml');
  const config = { ...options, usersFile, backupDir };
  writePrivateFile(usersFile, renderEngineUsers(facts, config, options.databases ?? options.database));
  writePrivateFile(configFile, renderEngineConfig(config));

  const url = `http://127.0.0.1:${port}`;
  const engineArguments = [
    `--path=${path.join(dir, 'store')}`,
    `--config-file=${configFile}`,
    '--listen_host=127.0.0.1',
    `--http_port=${port}`,
    ...(options.cluster ? [`--tcp_port=${options.cluster.tcpPort}`] : []),
  ];
  const supervisor = await supervise({
    name: 'ClickHouse',
    logger: options.logger,
    readyTimeoutMs: 60_000,
    stopTimeoutMs: 2_000,
    spawn: () =>
      spawn(process.execPath, ['--max-old-space-size=64', host], {
        cwd: dir,
        stdio: ['pipe', 'ignore', 'pipe'],
        env: {
          PATH: process.env.PATH,
          TZ: 'UTC',
          ZHIYIN_ENGINE_ARGUMENTS: JSON.stringify(engineArguments),
          ZHIYIN_ENGINE_LISTEN: JSON.stringify(options.cluster ? ['HTTP', 'TCP'] : ['HTTP']),
        },
      }),
    isReady: async () => (await answersPing(url)) === 'yes',
    isDeaf: async () => (await answersPing(url)) === 'refused',
    askToStop: (child) => child.kill('SIGTERM'),
    explain: (lastWords) =>
      isLocked(lastWords)
        ? new AppError('storage.unavailable', `ClickHouse: ${dir} is in use by another process`, {
            details: {
              field: 'ZHIYIN_DATA_DIR',
              fix: 'Stop the other Zhiyin that uses this data directory, or choose another one with ZHIYIN_DATA_DIR.',
            },
          })
        : undefined,
    // The server of a killed parent needs a moment to let go of its lock.
    mayPass: isLocked,
  });

  const credentials = (name: 'app' | 'import' | 'admin') => ({ user: `zhiyin_${name}`, password: facts[name] });
  return {
    address: {
      nodes: [url],
      database: options.database,
      cluster: options.cluster?.name ?? null,
      engineFamily: 'plain',
      embedded: true,
      users: { app: credentials('app'), import: credentials('import'), admin: credentials('admin') },
      importDir: path.resolve(options.importDir),
      threads: options.threads,
      embeddedBackupDir: backupDir,
    },
    backupDir,
    pid: supervisor.pid,
    restarts: supervisor.restarts,
    stop: supervisor.stop,
  };
}

const isLocked = (lastWords: string): boolean => /Cannot lock file|CANNOT_OPEN_FILE.*status/.test(lastWords);

async function answersPing(url: string): Promise<'yes' | 'no' | 'refused'> {
  try {
    const answer = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(1000) });
    await answer.body?.cancel();
    return answer.ok ? 'yes' : 'no';
  } catch (cause) {
    const { code } = ((cause as Error).cause ?? {}) as { code?: string };
    return code === 'ECONNREFUSED' ? 'refused' : 'no';
  }
}
