'use strict';
/**
 * One embedded ClickHouse server. A process of its own, because the engine's memory and crashes must not be ours.
 *
 * The engine is a shared library; its command line entry starts the listeners and then sleeps in a query for ever, because
 * the process lives as long as that query. Arguments arrive in ZHIYIN_ENGINE_ARGUMENTS (JSON), which keeps them off `ps`.
 * The parent holds our stdin: when it is gone, however it went, stdin ends and so do we. Ending abruptly is safe, since every
 * insert is synced before it is acknowledged, and quick, which matters more to whoever waits for the lock.
 */
const path = require('node:path');
const { DataType, load, open } = require('ffi-rs');

const endNow = () => process.kill(process.pid, 'SIGKILL');
process.stdin.on('end', endNow).on('close', endNow).on('error', endNow).resume();
process.on('SIGTERM', endNow);
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the parent decides when the stores stop.

const listen = JSON.parse(process.env.ZHIYIN_ENGINE_LISTEN ?? '["HTTP"]');
const statements = [
  ...listen.map((protocol) => `SYSTEM START LISTEN ${protocol}`),
  'SELECT sleepEachRow(3) FROM system.numbers SETTINGS max_block_size = 1, max_threads = 1, ' +
    'function_sleep_max_microseconds_per_block = 0, max_execution_time = 0 FORMAT Null',
];
const words = [
  'clickhouse',
  ...JSON.parse(process.env.ZHIYIN_ENGINE_ARGUMENTS ?? '[]'),
  '--multiquery',
  '--query',
  statements.join('; '),
];

open({ library: 'engine', path: path.join(path.dirname(require.resolve('@chdb/lib-linux-x64-gnu')), 'libchdb.so') });
load({
  library: 'engine',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [words.length, words],
  runInNewThread: true,
}).then(
  () => process.exit(1),
  (cause) => {
    process.stderr.write(`${cause}\n`);
    process.exit(1);
  },
);
