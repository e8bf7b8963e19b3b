import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { AppError } from '../../domain/app-error.ts';
import { claimDirectory } from '../engines/claim-directory.ts';
import { freePort } from '../engines/free-port.ts';
import { loadOrCreateFacts, newSecret, writePrivateFile } from '../engines/private-file.ts';
import { type StorageLogger, supervise } from '../engines/supervise.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import {
  isRoot,
  nobodyUser,
  serverArguments,
  serverUser,
  spawnPostgres,
  spawnWatcher,
  stopLeftover,
  userFor,
} from './postgres-process.ts';

export type EmbeddedPostgresOptions = {
  readonly dir: string;
  readonly logger: StorageLogger;
};

export type EmbeddedPostgres = {
  /** Of the app's role: owns its database, is no superuser. */
  readonly connectionString: string;
  pid(): number | undefined;
  restarts(): number;
  stop(): Promise<void>;
};

type Facts = { port: number; app: string; admin: string };

/** The control store of one machine: PostgreSQL as a child that is watched, restarted, and never outlives us. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dir = path.resolve(options.dir);
  const release = await claimDirectory(dir, 'PostgreSQL');
  try {
    const home = postgresBinaries(isRoot());
    const dataDir = path.join(dir, 'store');
    const factsFile = path.join(dir, 'engine.json');
    await stopLeftover(dataDir);
    const facts: Facts = loadOrCreateFacts(factsFile, () => ({ port: 0, app: newSecret(), admin: newSecret() }));
    const port = await freePort(facts.port);
    if (port !== facts.port) writePrivateFile(factsFile, `${JSON.stringify({ ...facts, port }, null, 2)}\n`);
    if (!existsSync(path.join(dataDir, 'PG_VERSION'))) await createCluster(home, dataDir, facts.admin);

    const server = await watchServer({ home, dataDir, port, logger: options.logger, facts });
    await createAppRole(port, facts);
    return {
      connectionString: `postgres://zhiyin:${facts.app}@127.0.0.1:${port}/zhiyin`,
      ...server,
      async stop() {
        await server.stop();
        release();
      },
    };
  } catch (cause) {
    release();
    throw cause;
  }
}

async function watchServer(server: {
  home: string;
  dataDir: string;
  port: number;
  logger: StorageLogger;
  facts: Facts;
}) {
  const { home, dataDir, port } = server;
  const user = userFor(serverUser);
  let stopWatcher = () => {};
  return supervise({
    name: 'PostgreSQL',
    logger: server.logger,
    readyTimeoutMs: 60_000,
    stopTimeoutMs: 2_500,
    async spawn() {
      stopWatcher();
      await stopLeftover(dataDir);
      const child = spawnPostgres({
        home,
        dataDir,
        port,
        user,
        program: 'postgres',
        programArguments: serverArguments(port),
      });
      if (child.pid) {
        const watcher = spawnWatcher(child.pid, user);
        stopWatcher = () => void watcher.kill('SIGKILL');
        child.once('exit', () => void watcher.kill('SIGKILL'));
      }
      return child;
    },
    isReady: () => answers(port, server.facts.admin),
    askToStop: (child) => child.kill('SIGINT'),
    mayPass: (lastWords) => /shared memory block .* is still in use/.test(lastWords),
    explain: (lastWords) =>
      /lock file "postmaster.pid" already exists/.test(lastWords)
        ? new AppError('storage.unavailable', `PostgreSQL: ${dataDir} is in use by another process`, {
            details: { field: 'ZHIYIN_DATA_DIR', fix: 'Stop the other process that uses this data directory.' },
          })
        : undefined,
  });
}

/** initdb in a directory beside, moved into place when whole: a kill in the middle leaves nothing half-made. */
async function createCluster(home: string, dataDir: string, adminPassword: string): Promise<void> {
  const fresh = `${dataDir}.new`;
  rmSync(fresh, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const secrets = mkdtempSync(path.join(tmpdir(), 'zhiyin-'));
  const passwordFile = path.join(secrets, 'password');
  try {
    writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
    if (isRoot()) for (const place of [fresh, secrets, passwordFile]) chownSync(place, nobodyUser, nobodyUser);
    const child = spawnPostgres({
      home,
      dataDir: fresh,
      port: 0,
      user: userFor(nobodyUser),
      program: 'initdb',
      programArguments: [
        ...['--username=zhiyin_admin', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--encoding=UTF8'],
        ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--data-checksums'],
      ],
    });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    const code = await new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
    if (code !== 0) {
      throw new AppError('storage.unavailable', `PostgreSQL: initdb failed (${code}): ${said.trim().slice(-500)}`);
    }
    if (isRoot()) execFileSync('chown', ['-R', `${serverUser}:${serverUser}`, fresh]);
    renameSync(fresh, dataDir);
  } finally {
    rmSync(secrets, { recursive: true, force: true });
  }
}

const admin = (port: number, password: string, database = 'postgres') =>
  new pg.Client({ host: '127.0.0.1', port, user: 'zhiyin_admin', password, database, connectionTimeoutMillis: 5000 });

async function answers(port: number, password: string): Promise<boolean> {
  const client = admin(port, password);
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Repeatable, because a kill may come between any two steps. */
async function createAppRole(port: number, facts: Facts): Promise<void> {
  const client = admin(port, facts.admin);
  await client.connect();
  try {
    const { rows } = await client.query(`select
      exists (select from pg_roles where rolname = 'zhiyin') as role,
      exists (select from pg_database where datname = 'zhiyin') as database`);
    if (!rows[0].role) await client.query(`create role zhiyin login password '${facts.app}'`);
    if (!rows[0].database) await client.query('create database zhiyin owner zhiyin');
    if (!rows[0].database) await client.query('revoke connect on database postgres from public');
  } finally {
    await client.end();
  }
}
