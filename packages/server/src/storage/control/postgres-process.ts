import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever may not be root: a number that no one else uses. initdb wants a name for its user, so `nobody` runs that alone. */
export const serverUser = 54_329;
export const nobodyUser = 65_534;

export type PostgresUser = { readonly uid: number; readonly gid: number } | undefined;

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
    const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
    return path.basename(program) === 'postgres' && state !== 'Z' ? pid : undefined;
  } catch {
    return undefined;
  }
}
