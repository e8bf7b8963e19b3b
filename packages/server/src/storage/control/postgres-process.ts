import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever may not be root: a number that no one else uses. initdb wants a name for its user, so `nobody` runs that alone. */
export const serverUser = 54_329;
export const nobodyUser = 65_534;

export type PostgresUser = { readonly uid: number; readonly gid: number } | undefined;

const orphanPatienceMs = 1_000;

export const isRoot = (): boolean => process.getuid?.() === 0;
export const userFor = (uid: number): PostgresUser => (isRoot() ? { uid, gid: uid } : undefined);

/**
 * The data directory is handed over as an open descriptor: its user can work in it even when it may not enter the
 * directories above, for example when everything stands below /root.
 */
const dataThroughDescriptor = '/proc/self/fd/3';

export function spawnPostgres(options: {
  readonly home: string;
  readonly dataDir: string;
  readonly port: number;
  readonly user: PostgresUser;
  readonly program: 'postgres' | 'initdb';
  readonly programArguments: readonly string[];
}): ChildProcess {
  const descriptor = openSync(options.dataDir, 'r');
  try {
    return spawn(
      path.join(options.home, 'bin', options.program),
      ['-D', dataThroughDescriptor, ...options.programArguments],
      {
        cwd: '/',
        stdio: ['ignore', 'ignore', 'pipe', descriptor],
        // A group of its own: Ctrl-C in the terminal must not end the store before its users.
        detached: true,
        env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
        ...options.user,
      },
    );
  } finally {
    closeSync(descriptor);
  }
}

/** Loopback only, synced, modest, and silent about the contents of statements. */
export function serverArguments(port: number): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: 60,
    shared_buffers: '64MB',
    work_mem: '8MB',
    maintenance_work_mem: '64MB',
    effective_cache_size: '512MB',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_wal_size: '512MB',
    min_wal_size: '64MB',
    checkpoint_timeout: '15min',
    io_method: 'sync',
    max_logical_replication_workers: 0,
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    logging_collector: 'off',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: 0,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * A shell of a megabyte that holds the other end of our pipe: when we are gone, however we went, it stops the postmaster.
 * SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one.
 */
export function spawnWatcher(postmaster: number, user: PostgresUser): ChildProcess {
  const script =
    'trap "" INT; read -r _; kill -INT "$0" 2>/dev/null || exit 0; i=0; ' +
    'while [ $i -lt 40 ]; do kill -0 "$0" 2>/dev/null || exit 0; sleep 0.1; i=$((i+1)); done; kill -QUIT "$0" 2>/dev/null';
  const watcher = spawn('/bin/sh', ['-c', script, String(postmaster)], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { PATH: process.env.PATH },
    ...user,
  });
  watcher.on('error', () => {});
  watcher.stdin?.on('error', () => {});
  watcher.unref();
  return watcher;
}

/** A postmaster that outlived its parent (its watcher was killed too) is asked to stop, then made to. */
export async function stopLeftover(dataDir: string): Promise<void> {
  await stopPostmaster(dataDir);
  await endOrphans(dataDir);
}

async function stopPostmaster(dataDir: string): Promise<void> {
  const pid = runningPostmaster(dataDir);
  if (pid === undefined) return;
  for (const [signal, patienceMs] of [
    ['SIGINT', 4000],
    ['SIGQUIT', 2000],
    ['SIGKILL', 2000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (runningPostmaster(dataDir) === undefined) return;
      await sleep(25);
    }
  }
}

/** The pid in postmaster.pid, when that process is a postgres of this directory. */
function runningPostmaster(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return isPostgres(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Told by its program, not by its title, which names what a backend does. */
function isPostgres(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const name = status.slice(status.indexOf('(') + 1, status.lastIndexOf(')'));
    return name === 'postgres' && status.slice(status.lastIndexOf(')') + 2, status.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

/**
 * Backends whose postmaster was killed end when they look up from their work, and hold its shared memory until then: no new
 * postmaster starts beside them. Without one nothing they do counts any more, so those that do not look up are ended.
 */
async function endOrphans(dataDir: string): Promise<void> {
  const patientUntil = Date.now() + orphanPatienceMs;
  const giveUpAt = patientUntil + 5_000;
  while (Date.now() < giveUpAt && runningPostmaster(dataDir) === undefined) {
    const orphans = postgresProcesses(dataDir);
    if (orphans.length === 0) return;
    if (Date.now() > patientUntil) for (const pid of orphans) endNow(pid);
    await sleep(25);
  }
}

function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/** Every server process works in the directory of its data. Elsewhere than on Linux none is found, and PostgreSQL says itself what is wrong. */
function postgresProcesses(dataDir: string): number[] {
  const own = realDirectory(dataDir);
  const pids = listDirectory('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids
    .map(Number)
    .filter((pid) => own !== undefined && realDirectory(`/proc/${pid}/cwd`) === own && isPostgres(pid));
}

const listDirectory = (dir: string): string[] => {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
};

const realDirectory = (dir: string): string | undefined => {
  try {
    return realpathSync(dir);
  } catch {
    return undefined;
  }
};
