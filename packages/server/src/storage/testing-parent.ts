import { writeFileSync } from 'node:fs';
import { parseConfig } from '../config.ts';
import { silentLogger } from './engines/supervise.ts';
import { startEngines } from './start-engines.ts';

/** A process that starts the engines of a data directory and then waits to be killed. For tests of what is left behind. */
const engines = await startEngines(parseConfig({ ZHIYIN_DATA_DIR: process.argv[2] }), silentLogger);
writeFileSync(
  process.argv[3] as string,
  JSON.stringify({ addresses: engines.addresses, pids: engines.status().map((engine) => engine.pid) }),
);
setInterval(() => {}, 60_000);
