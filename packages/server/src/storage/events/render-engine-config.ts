import { createHash } from 'node:crypto';

export type EnginePasswords = { readonly app: string; readonly import: string; readonly admin: string };

/** Where the other nodes are, when several embedded servers form a cluster (tests, and a rehearsal of scaling out). */
export type EngineCluster = {
  readonly name: string;
  /** Native ports on loopback: shards, each a list of replicas. */
  readonly shards: readonly (readonly number[])[];
  /** Password of `zhiyin_admin`, the same on every node. */
  readonly adminPassword: string;
  readonly macros: Readonly<Record<string, string>>;
};

export type EngineConfig = {
  readonly usersFile: string;
  readonly backupDir: string;
  readonly memoryBytesMax: number;
  readonly threads: number;
  readonly cluster?: EngineCluster;
};

/**
 * Settings a table must have so that an acknowledged row survives a power cut, a repeated insert adds nothing, and old parts
 * do not pile up. `assertEngineSettings` checks them on the running server.
 */
export const mergeTreeSettings = {
  fsync_after_insert: 1,
  fsync_part_directory: 1,
  non_replicated_deduplication_window: 10_000,
  old_parts_lifetime: 30,
} as const;

/** Pools are small: an idle brand must not cost a core, and a laptop has few. */
const poolSettings = {
  background_pool_size: 2,
  background_merges_mutations_concurrency_ratio: 2,
  background_move_pool_size: 1,
  background_fetches_pool_size: 1,
  background_common_pool_size: 2,
  background_schedule_pool_size: 4,
  tables_loader_foreground_pool_size: 2,
  tables_loader_background_pool_size: 2,
  max_connections: 256,
  max_concurrent_queries: 128,
  mark_cache_size: 134_217_728,
  index_mark_cache_size: 33_554_432,
  uncompressed_cache_size: 0,
  query_cache: { max_size_in_bytes: 16_777_216 },
  keep_alive_timeout: 60,
  timezone: 'UTC',
} as const;

export function renderEngineConfig(config: EngineConfig): string {
  return `<clickhouse>${xml({
    users_config: config.usersFile,
    listen_host: '127.0.0.1',
    logger: { level: 'none' },
    max_server_memory_usage: config.memoryBytesMax,
    ...poolSettings,
    merge_tree: mergeTreeSettings,
    backups: { allowed_path: config.backupDir },
  })}${config.cluster ? renderCluster(config.cluster) : ''}</clickhouse>\n`;
}

/**
 * Four users. `default` exists because the engine's own session logs in with it, without a password, to start the listeners;
 * it may do that and nothing else. What someone on this machine could do with it, closing the listeners, the supervisor heals.
 * The app reads and writes rows of one database; imports may also read files; `admin` migrates, backs up and looks after parts.
 */
export function renderEngineUsers(passwords: EnginePasswords, config: EngineConfig, databases: string): string {
  const queryMemory = Math.floor(config.memoryBytesMax * 0.7);
  const rows = `GRANT SELECT, INSERT ON ${databases}.*`;
  const user = (name: string, password: string | null, grants: readonly string[]): string =>
    `<${name}>${
      password === null
        ? '<password></password>'
        : `<password_sha256_hex>${createHash('sha256').update(password).digest('hex')}</password_sha256_hex>`
    }<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota><grants>${grants
      .map((grant) => `<query>${grant}</query>`)
      .join('')}</grants></${name}>`;
  return `<clickhouse><profiles><default>${xml({
    max_memory_usage: queryMemory,
    max_bytes_before_external_group_by: Math.floor(queryMemory / 2),
    max_bytes_before_external_sort: Math.floor(queryMemory / 2),
    max_threads: config.threads,
    // By default the engine takes threads away below 1 GiB (reading) or 4 GiB (writing) of free memory for each: on a small machine
    // everything would run on one. What a question may take is bounded above.
    max_threads_min_free_memory_per_thread: 0,
    max_insert_threads_min_free_memory_per_thread: 0,
    log_queries: 0,
  })}</default></profiles><quotas><default/></quotas><users>${[
    user('default', null, ['GRANT SYSTEM LISTEN ON *.*', 'GRANT SELECT ON system.numbers']),
    user('zhiyin_app', passwords.app, [rows]),
    user('zhiyin_import', passwords.import, [rows, 'GRANT READ ON FILE', 'GRANT CREATE TEMPORARY TABLE ON *.*']),
    user('zhiyin_admin', passwords.admin, ['GRANT ALL ON *.*']),
  ].join('')}</users></clickhouse>\n`;
}

function renderCluster(cluster: EngineCluster): string {
  const shards = cluster.shards
    .map(
      (replicas) =>
        `<shard><internal_replication>false</internal_replication>${replicas
          .map(
            (port) =>
              `<replica><host>127.0.0.1</host><port>${port}</port><user>zhiyin_admin</user><password>${cluster.adminPassword}</password></replica>`,
          )
          .join('')}</shard>`,
    )
    .join('');
  return `<remote_servers><${cluster.name}>${shards}</${cluster.name}></remote_servers>${xml({ macros: cluster.macros })}`;
}

type Xml = { readonly [name: string]: string | number | Xml };

function xml(value: Xml): string {
  return Object.entries(value)
    .map(([name, inner]) => `<${name}>${typeof inner === 'object' ? xml(inner) : escapeXml(String(inner))}</${name}>`)
    .join('');
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
