import { availableParallelism } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from './domain/app-error.ts';

/**
 * The only reader of the environment. Each key has a unit, a default and a line on what a wrong value costs;
 * `.env.example` and docs/configuration.md are checked against this list by a test.
 */
const port = z.coerce.number().int().min(0).max(65_535);
const megabytes = z.coerce.number().int().min(1);
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');

export const configKeys = {
  ZHIYIN_PORT: {
    schema: port.default(7700),
    says: 'Port of the console, the API and the collect endpoints. 0 picks a free one.',
  },
  ZHIYIN_HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    says: 'Address to listen on. 0.0.0.0 opens it to the network: put TLS in front of it.',
  },
  ZHIYIN_PUBLIC_URL: {
    schema: z.url().optional(),
    says: 'Address under which browsers reach this server. Wrong: links in messages and snippets point nowhere. https turns on Secure cookies.',
  },
  ZHIYIN_DATA_DIR: {
    schema: z.string().min(1).default('./data'),
    says: 'Where everything is kept: stores, journal, keys, uploads. Back this folder up as a whole or with `zhiyin backup`.',
  },
  ZHIYIN_MASTER_KEY: {
    schema: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits (openssl rand -hex 32)')
      .optional(),
    says: 'Key that wraps every workspace key. Default: generated once into the data directory (keys/master.key). Lost key: the vault cannot be read again.',
  },
  ZHIYIN_LOG_LEVEL: {
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    says: 'How much is logged.',
  },
  ZHIYIN_STATEMENT_LOG: {
    schema: z.string().min(1).optional(),
    says: 'Directory to which each different statement sent to the stores is written, without values. For audits; not needed in daily use.',
  },
  ZHIYIN_WORKER: {
    schema: z.enum(['child', 'inline', 'off']).default('child'),
    says: 'Where cleaning and jobs run: in a child process, in this process, or not here.',
  },
  ZHIYIN_DURABILITY: {
    schema: z.enum(['power', 'process']).default('power'),
    says: 'power: an event is acknowledged after it is on the disk (fdatasync). process: after the kernel has it; survives kill -9 but not a power cut; answers carry X-Zhiyin-Durability: process.',
  },
  ZHIYIN_JOURNAL_MAX_MB: {
    schema: megabytes.default(4096),
    says: 'Most that may wait to be cleaned, in MB on disk. Beyond it collect answers 503.',
  },
  ZHIYIN_INFLIGHT_MAX_MB: {
    schema: megabytes.default(64),
    says: 'Most request bytes held in memory before they are on disk, in MB. Beyond it collect answers 429.',
  },
  ZHIYIN_DISK_RESERVE_MB: {
    schema: z.coerce.number().int().min(0).default(512),
    says: 'Free disk space, in MB, under which collect answers 503 so that the stores never hit a full disk.',
  },
  ZHIYIN_DEDUPE_DAYS: {
    schema: z.coerce.number().int().min(7).max(365).default(8),
    says: 'Days for which a message id is remembered per source.',
  },
  ZHIYIN_SIGN_IN_ATTEMPTS: {
    schema: z.coerce.number().int().min(1).default(10),
    says: 'Failed sign-ins per address and quarter of an hour before the answer is 429.',
  },
  ZHIYIN_RETENTION_QUARANTINE_DAYS: {
    schema: z.coerce.number().int().min(1).default(90),
    says: 'Days after which discarded or replayed quarantine records are removed.',
  },
  ZHIYIN_MODEL_DIR: {
    schema: z.string().min(1).optional(),
    says: 'Where recommendation models are kept. Several servers need one directory that all of them see. Default: models in the data directory.',
  },
  ZHIYIN_RECOMMEND_PEOPLE: {
    schema: z.coerce.number().int().min(100).default(50_000),
    says: 'People whose history each process keeps in memory for recommendations, about 2 KB each. Others are read when somebody asks for them.',
  },
  ZHIYIN_TRAIN_EVERY_HOURS: {
    schema: z.coerce.number().int().min(1).max(8_760).default(24),
    says: "Hours after which a workspace's recommendation model is trained again.",
  },
  ZHIYIN_TRAIN_DAYS: {
    schema: z.coerce.number().int().min(1).max(36_500).default(730),
    says: 'Days of history that recommendation models are trained on.',
  },
  ZHIYIN_TRAIN_PAIRS_MAX: {
    schema: z.coerce.number().int().min(10_000).default(20_000_000),
    says: 'Most pairs of person and item a training reads, about 60 bytes each. Beyond it a random part of the people is read, each whole.',
  },
  ZHIYIN_TRAIN_BUDGET_SECONDS: {
    schema: z.coerce.number().int().min(5).max(86_400).default(600),
    says: 'Seconds a training may look for the best model. Less: fewer models are tried.',
  },
  CLICKHOUSE_URL: {
    schema: z.url().optional(),
    says: 'A ClickHouse server, or several of one cluster separated by commas in CLICKHOUSE_NODES. Default: an embedded server.',
  },
  CLICKHOUSE_USER: { schema: z.string().default('default'), says: 'User for CLICKHOUSE_URL.' },
  CLICKHOUSE_PASSWORD: { schema: z.string().default(''), says: 'Password for CLICKHOUSE_URL.' },
  CLICKHOUSE_DATABASE: {
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*$/)
      .default('zhiyin'),
    says: 'Database for the tables. Created when missing.',
  },
  CLICKHOUSE_CLUSTER: {
    schema: z
      .string()
      .regex(/^[A-Za-z0-9_]+$/)
      .optional(),
    says: 'Name of the cluster in remote_servers. Set: tables are sharded by profile behind Distributed tables.',
  },
  CLICKHOUSE_NODES: {
    schema: z.string().optional(),
    says: 'HTTP addresses of all nodes of the cluster, separated by commas; migrations visit each. Default: CLICKHOUSE_URL alone.',
  },
  CLICKHOUSE_ENGINE_FAMILY: {
    schema: z.enum(['plain', 'replicated']).default('plain'),
    says: 'plain: MergeTree. replicated: ReplicatedMergeTree with the macros {shard} and {replica}.',
  },
  ZHIYIN_CLICKHOUSE_MEMORY_MB: {
    schema: megabytes.default(3072),
    says: 'Memory cap of the embedded ClickHouse, in MB.',
  },
  DATABASE_URL: {
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .optional(),
    says: 'A PostgreSQL server, 15 or newer. Default: an embedded one.',
  },
  ZHIYIN_DATABASE_SCHEMA: {
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]*$/)
      .default('zhiyin'),
    says: 'Schema for the tables. Created when missing.',
  },
  ZHIYIN_DATABASE_CONNECTIONS: {
    schema: z.coerce.number().int().min(2).max(200).default(10),
    says: 'Most connections to PostgreSQL per process.',
  },
  ZHIYIN_THREADS: {
    schema: z.coerce.number().int().min(1).default(Math.max(1, availableParallelism())),
    says: 'Threads the embedded ClickHouse may use for one query.',
  },
  ZHIYIN_TRUST_PROXY: {
    schema: flag.default(false),
    says: 'Believe X-Forwarded-For and X-Forwarded-Proto. Only behind your own proxy: otherwise anyone can forge an address.',
  },
} as const satisfies Record<string, { schema: z.ZodType; says: string }>;

/** Never repeated in messages or logs. */
const secretKeys: ReadonlySet<string> = new Set(['ZHIYIN_MASTER_KEY', 'CLICKHOUSE_PASSWORD', 'DATABASE_URL']);

const environmentSchema = z.object(
  Object.fromEntries(Object.entries(configKeys).map(([name, key]) => [name, key.schema])) as {
    [Name in keyof typeof configKeys]: (typeof configKeys)[Name]['schema'];
  },
);

export type Config = ReturnType<typeof parseConfig>;

/** Pure: the environment in, the configuration out. @throws AppError `config.invalid` that names each variable and the fix. */
export function parseConfig(
  environment: Readonly<Record<string, string | undefined>>,
  workingDirectory = process.cwd(),
) {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const shown = secretKeys.has(name) ? '…' : (given[name] ?? '');
      return `${name}=${shown}: ${issue.message}. ${configKeys[name as keyof typeof configKeys]?.says ?? ''}`;
    });
    throw new AppError(
      'config.invalid',
      `configuration: ${problems.length} setting(s) are wrong\n  ${problems.join('\n  ')}`,
      {
        details: {
          field: String(parsed.error.issues[0]?.path[0]),
          fix: 'Correct the environment variable or remove it to use the default.',
        },
      },
    );
  }
  const env = parsed.data;
  if (env.CLICKHOUSE_CLUSTER && !env.CLICKHOUSE_URL) {
    throw new AppError(
      'config.invalid',
      'CLICKHOUSE_CLUSTER is set but CLICKHOUSE_URL is not: set CLICKHOUSE_URL to one node of the cluster',
      {
        details: {
          field: 'CLICKHOUSE_URL',
          fix: 'Set CLICKHOUSE_URL, or remove CLICKHOUSE_CLUSTER to use the embedded server.',
        },
      },
    );
  }
  const dataDir = path.resolve(workingDirectory, env.ZHIYIN_DATA_DIR);
  return {
    dataDir,
    logLevel: env.ZHIYIN_LOG_LEVEL,
    statementLogDir: env.ZHIYIN_STATEMENT_LOG && path.resolve(workingDirectory, env.ZHIYIN_STATEMENT_LOG),
    worker: env.ZHIYIN_WORKER,
    masterKeyHex: env.ZHIYIN_MASTER_KEY,
    http: {
      host: env.ZHIYIN_HOST,
      port: env.ZHIYIN_PORT,
      publicUrl: env.ZHIYIN_PUBLIC_URL,
      trustProxy: env.ZHIYIN_TRUST_PROXY,
      signInAttempts: env.ZHIYIN_SIGN_IN_ATTEMPTS,
    },
    collect: {
      durability: env.ZHIYIN_DURABILITY,
      journalDir: path.join(dataDir, 'journal'),
      journalBytesMax: env.ZHIYIN_JOURNAL_MAX_MB * 1_048_576,
      inflightBytesMax: env.ZHIYIN_INFLIGHT_MAX_MB * 1_048_576,
      diskReserveBytes: env.ZHIYIN_DISK_RESERVE_MB * 1_048_576,
      importDir: path.join(dataDir, 'imports'),
    },
    clean: { dedupeDays: env.ZHIYIN_DEDUPE_DAYS, quarantineRetentionDays: env.ZHIYIN_RETENTION_QUARANTINE_DAYS },
    recommend: {
      modelDir: path.resolve(workingDirectory, env.ZHIYIN_MODEL_DIR ?? path.join(dataDir, 'models')),
      peopleMax: env.ZHIYIN_RECOMMEND_PEOPLE,
      trainEveryHours: env.ZHIYIN_TRAIN_EVERY_HOURS,
      training: {
        days: env.ZHIYIN_TRAIN_DAYS,
        entriesMax: env.ZHIYIN_TRAIN_PAIRS_MAX,
        timeBudgetSeconds: env.ZHIYIN_TRAIN_BUDGET_SECONDS,
      },
    },
    events: {
      url: env.CLICKHOUSE_URL,
      nodes:
        env.CLICKHOUSE_NODES?.split(',').map((url) => url.trim()) ?? (env.CLICKHOUSE_URL ? [env.CLICKHOUSE_URL] : []),
      user: env.CLICKHOUSE_USER,
      password: env.CLICKHOUSE_PASSWORD,
      database: env.CLICKHOUSE_DATABASE,
      cluster: env.CLICKHOUSE_CLUSTER,
      engineFamily: env.CLICKHOUSE_ENGINE_FAMILY,
      embeddedDir: path.join(dataDir, 'clickhouse'),
      memoryBytesMax: env.ZHIYIN_CLICKHOUSE_MEMORY_MB * 1_048_576,
      threads: env.ZHIYIN_THREADS,
      importDir: path.join(dataDir, 'imports'),
    },
    control: {
      url: env.DATABASE_URL,
      schema: env.ZHIYIN_DATABASE_SCHEMA,
      connectionsMax: env.ZHIYIN_DATABASE_CONNECTIONS,
      embeddedDir: path.join(dataDir, 'postgres'),
    },
  } as const;
}
