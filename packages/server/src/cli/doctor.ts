import { constants } from 'node:fs';
import { access, mkdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { type Config, parseConfig } from '../config.ts';
import { AppError } from '../domain/app-error.ts';
import { findRunFile, type RunFile } from '../run-file.ts';
import { openControlStore } from '../storage/control/index.ts';
import { openEventStore } from '../storage/events/index.ts';
import { version } from '../version.ts';

type Finding = { readonly name: string; readonly state: 'ok' | 'note' | 'wrong'; readonly says: string };

/** `zhiyin doctor`: looks at everything a start needs, changes nothing, and says what to do about what is wrong. */
export async function runDoctor(args: readonly string[], out: (line: string) => void = console.log): Promise<void> {
  const findings = await examine(process.env);
  if (args.includes('--json')) out(JSON.stringify(findings));
  else
    for (const finding of findings)
      out(`${{ ok: '✓', note: '·', wrong: '✗' }[finding.state]} ${finding.name.padEnd(14)} ${finding.says}`);
  if (findings.some((finding) => finding.state === 'wrong')) process.exitCode = 1;
}

export async function examine(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const versions: Finding = {
    name: 'versions',
    state: 'ok',
    says: `Zhiyin ${version}, Node ${process.version}, ${process.platform}-${process.arch}`,
  };
  let config: Config;
  try {
    config = parseConfig(environment);
  } catch (cause) {
    return [versions, { name: 'configuration', state: 'wrong', says: (cause as Error).message }];
  }
  const run = await findRunFile(config.dataDir);
  const checks = [
    checkNode,
    checkRunning,
    checkPort,
    checkDataDir,
    checkDisk,
    checkMasterKey,
    checkEmbedded,
    checkEvents,
    checkControl,
  ];
  const findings = await Promise.all(
    checks.map((check) =>
      check(config, run).catch(
        (cause: Error): Finding => ({
          name: check.name.replace('check', '').toLowerCase(),
          state: 'wrong',
          says: cause.message,
        }),
      ),
    ),
  );
  return [versions, { name: 'configuration', state: 'ok', says: 'every variable is readable' }, ...findings];
}

async function checkNode(): Promise<Finding> {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24
    ? { name: 'node', state: 'ok', says: 'the pinned Node runs this command' }
    : {
        name: 'node',
        state: 'wrong',
        says: `Node ${process.version} runs this command; start it with npx zhiyin or npm run zhiyin so that the pinned Node 24 is used`,
      };
}

async function checkRunning(_config: Config, run: RunFile | undefined): Promise<Finding> {
  if (!run) return { name: 'platform', state: 'note', says: 'not running on this data directory; npm start starts it' };
  const ready = await fetch(`${run.url}/ready`, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  return ready?.ok
    ? { name: 'platform', state: 'ok', says: `running at ${run.url} (process ${run.pid}), ready` }
    : {
        name: 'platform',
        state: 'wrong',
        says: `process ${run.pid} runs but ${run.url}/ready answers ${ready?.status ?? 'nothing'}; its log says why`,
      };
}

async function checkPort(config: Config, run: RunFile | undefined): Promise<Finding> {
  if (run) return { name: 'port', state: 'ok', says: `${new URL(run.url).port} is in use by this platform` };
  if (config.http.port === 0) return { name: 'port', state: 'ok', says: 'a free one is picked at start' };
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const probe = createServer()
    .once('error', (cause: NodeJS.ErrnoException) => resolve(cause.code ?? cause.message))
    .listen(config.http.port, config.http.host, () => probe.close(() => resolve(null)));
  const problem = await promise;
  return problem
    ? {
        name: 'port',
        state: 'wrong',
        says: `${config.http.host}:${config.http.port} cannot be used (${problem}); set ZHIYIN_PORT to another`,
      }
    : { name: 'port', state: 'ok', says: `${config.http.host}:${config.http.port} is free` };
}

async function checkDataDir(config: Config): Promise<Finding> {
  await mkdir(config.dataDir, { recursive: true });
  await access(config.dataDir, constants.R_OK | constants.W_OK);
  return { name: 'data', state: 'ok', says: `${config.dataDir} can be written` };
}

async function checkDisk(config: Config): Promise<Finding> {
  const { bavail, bsize } = await statfs(config.dataDir);
  const freeMb = Math.floor((bavail * bsize) / 1_048_576);
  const reserveMb = Math.floor(config.collect.diskReserveBytes / 1_048_576);
  if (freeMb <= reserveMb)
    return {
      name: 'disk',
      state: 'wrong',
      says: `${freeMb} MB free, not more than the reserve of ${reserveMb} MB: collect answers 503 until space is freed`,
    };
  return { name: 'disk', state: freeMb < reserveMb * 4 ? 'note' : 'ok', says: `${freeMb} MB free` };
}

async function checkMasterKey(config: Config): Promise<Finding> {
  if (config.masterKeyHex)
    return { name: 'master key', state: 'ok', says: 'from ZHIYIN_MASTER_KEY; keep a copy where the backups are not' };
  const file = path.join(config.dataDir, 'keys', 'master.key');
  const found = await stat(file).catch(() => undefined);
  if (!found)
    return {
      name: 'master key',
      state: 'note',
      says: 'made at the first start, in keys/master.key of the data directory',
    };
  return (found.mode & 0o077) === 0
    ? {
        name: 'master key',
        state: 'ok',
        says: 'keys/master.key, readable by its owner alone; keep a copy where the backups are not',
      }
    : { name: 'master key', state: 'wrong', says: `others can read ${file}: chmod 600 it` };
}

async function checkEmbedded(config: Config): Promise<Finding> {
  if (config.events.url && config.control.url)
    return { name: 'engines', state: 'ok', says: 'both stores are servers of your own' };
  return process.platform === 'linux' && process.arch === 'x64'
    ? { name: 'engines', state: 'ok', says: 'embedded engines exist for this system' }
    : {
        name: 'engines',
        state: 'wrong',
        says: `no embedded engines for ${process.platform}-${process.arch}: set CLICKHOUSE_URL and DATABASE_URL`,
      };
}

async function checkEvents(config: Config, run: RunFile | undefined): Promise<Finding> {
  const address = run?.addresses.events;
  if (!address && !config.events.url)
    return { name: 'ClickHouse', state: 'note', says: 'embedded; starts with the platform' };
  const store = openEventStore(
    address ?? {
      nodes: config.events.nodes,
      database: config.events.database,
      cluster: config.events.cluster ?? null,
      engineFamily: config.events.engineFamily,
      embedded: false,
      users: { app: credentials(config), import: credentials(config), admin: credentials(config) },
      importDir: null,
      threads: config.events.threads,
      embeddedBackupDir: null,
    },
  );
  try {
    const nodes = await store.nodes();
    const down = nodes.filter((node) => !node.up);
    if (down.length > 0)
      return {
        name: 'ClickHouse',
        state: 'wrong',
        says: `no answer from ${down.map((node) => node.url).join(', ')}; check CLICKHOUSE_URL, user and password`,
      };
    return {
      name: 'ClickHouse',
      state: 'ok',
      says: nodes.map((node) => `${node.url} ${node.version ?? ''}`).join(', '),
    };
  } finally {
    await store.close();
  }
}

async function checkControl(config: Config, run: RunFile | undefined): Promise<Finding> {
  const address =
    run?.addresses.control ??
    (config.control.url
      ? { connectionString: config.control.url, schema: config.control.schema, embedded: false }
      : undefined);
  if (!address) return { name: 'PostgreSQL', state: 'note', says: 'embedded; starts with the platform' };
  const control = openControlStore(address);
  try {
    const [row] = await control.query<{ number: string; name: string }>(
      "select current_setting('server_version_num') as number, current_setting('server_version') as name",
    );
    if (Number(row?.number) < 150_000)
      return { name: 'PostgreSQL', state: 'wrong', says: `version ${row?.name}; 15 or newer is needed` };
    return { name: 'PostgreSQL', state: 'ok', says: `version ${row?.name}` };
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    return { name: 'PostgreSQL', state: 'wrong', says: `${cause.message}; check DATABASE_URL` };
  } finally {
    await control.close();
  }
}

const credentials = (config: Config) => ({ user: config.events.user, password: config.events.password });
