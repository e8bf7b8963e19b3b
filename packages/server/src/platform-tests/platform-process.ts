import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseConfig } from '../config.ts';
import { findRunFile, type RunFile } from '../run-file.ts';
import { silentLogger } from '../storage/engines/supervise.ts';
import { type OpenStores, openStores } from '../storage/open-stores.ts';
import { killEverythingOf } from './processes.ts';

const commandLine = path.resolve(import.meta.dirname, '../cli/zhiyin.ts');
const startTimeoutMs = 60_000;
const saidMax = 200_000;

export type PlatformProcess = {
  readonly dataDir: string;
  readonly child: ChildProcess;
  readonly pid: number;
  readonly url: string;
  readonly run: RunFile;
  /** Everything it printed, the end of it when it was much. */
  said(): string;
  /** The stores it runs on, seen from the test. Close them before the platform ends. */
  openStores(): Promise<OpenStores>;
  /** SIGTERM and the wait for its end. */
  stop(): Promise<{ code: number | null; elapsedMs: number }>;
  kill(): Promise<void>;
};

export type PlatformOptions = { readonly dataDir: string; readonly env?: Readonly<Record<string, string>> };

/** The real thing: the command line as a process of its own, on a free port, without the demo. */
export async function startPlatformProcess(options: PlatformOptions): Promise<PlatformProcess> {
  const { dataDir } = options;
  const { child, said } = runCommand(['start', '--empty'], options);
  const run = await waitForRunFile(child, dataDir).catch((cause: Error) => {
    throw new Error(`${cause.message}\n${said()}`);
  });
  const ended = once(child, 'exit');
  return {
    dataDir,
    child,
    pid: run.pid,
    url: run.url,
    run,
    said,
    openStores: () => openStores(parseConfig(environment(options)), run.addresses, { logger: silentLogger }),
    async stop() {
      const startedAt = performance.now();
      child.kill('SIGTERM');
      const [code] = child.exitCode === null && child.signalCode === null ? await ended : [child.exitCode];
      return { code, elapsedMs: performance.now() - startedAt };
    },
    async kill() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await ended;
    },
  };
}

/** Any command of `zhiyin`, run to its end. */
export async function runToEnd(args: readonly string[], options: PlatformOptions) {
  const { child, said } = runCommand(args, options);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said() };
}

/** A directory for one test, and at its end nothing of it: no file and no process. */
export async function aDataDir(): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'zhiyin-platform-'));
  return {
    dir,
    async [Symbol.asyncDispose]() {
      await killEverythingOf(dir);
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function runCommand(args: readonly string[], options: PlatformOptions) {
  const child = spawn(process.execPath, [commandLine, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(options),
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-saidMax);
    });
  }
  // A test process that ends early takes what it started with it.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  return { child, said: () => text };
}

/** Nothing of the developer's own settings reaches a test. */
function environment({ dataDir, env }: PlatformOptions): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(ZHIYIN_|CLICKHOUSE_|DATABASE_URL|VITEST|NODE_OPTIONS|NODE_ENV)/.test(name),
  );
  return {
    ...(Object.fromEntries(own) as Record<string, string>),
    ZHIYIN_DATA_DIR: dataDir,
    ZHIYIN_PORT: '0',
    ZHIYIN_DISK_RESERVE_MB: '0',
    ...(process.env.ZHIYIN_STATEMENT_LOG ? { ZHIYIN_STATEMENT_LOG: process.env.ZHIYIN_STATEMENT_LOG } : {}),
    ...env,
  };
}

async function waitForRunFile(child: ChildProcess, dataDir: string): Promise<RunFile> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the platform ended at start (code ${child.exitCode}, signal ${child.signalCode})`);
    }
    const run = await findRunFile(dataDir);
    // One left behind by a killed platform names another process.
    if (run?.pid === child.pid) return run as RunFile;
    await sleep(25);
  }
  child.kill('SIGKILL');
  throw new Error(`the platform was not ready within ${startTimeoutMs} ms`);
}
