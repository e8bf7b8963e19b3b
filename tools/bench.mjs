import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, pinnedNode, root, run } from './install.mjs';

/**
 * `npm run bench [name …]`: speed and memory, each against a baseline measured in the same run. Every `*.bench.ts` exports
 * functions `bench…()` that return measurements; a bound that does not hold makes the exit code 1.
 */
ensureInstalled();
if (!process.execArgv.includes('--expose-gc')) {
  process.exit(run(pinnedNode, ['--expose-gc', ...process.argv.slice(1)]));
}
ensureBuilt();

const wanted = process.argv.slice(2);
const files = readdirSync(path.join(root, 'packages'), { recursive: true })
  .filter((file) => file.endsWith('.bench.ts') && !file.includes('node_modules'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
  .sort();

console.log(
  `Node ${process.version}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GiB\n`,
);
const all = [];
for (const file of files) {
  const module = await import(pathToFileURL(path.join(root, 'packages', file)).href);
  for (const [name, bench] of Object.entries(module)) {
    if (!name.startsWith('bench') || typeof bench !== 'function') continue;
    for (const measurement of await bench()) {
      all.push({ file, ...measurement });
      console.log(formatMeasurement(measurement));
    }
  }
}
if (process.env.ZHIYIN_BENCH_REPORT) writeFileSync(process.env.ZHIYIN_BENCH_REPORT, JSON.stringify(all, null, 2));
const missed = all.filter((measurement) => measurement.passed === false);
console.log(`\n${all.length} measurements, ${missed.length} outside their bound`);
process.exit(missed.length === 0 ? 0 : 1);

function formatMeasurement({ name, value, unit, baseline, ratio, bound, passed }) {
  const number = (amount) => amount.toLocaleString('en', { maximumFractionDigits: amount < 10 ? 3 : 0 });
  const against = baseline === undefined ? '' : `, baseline ${number(baseline)}`;
  const share = ratio === undefined ? '' : `, ratio ${ratio.toFixed(2)}`;
  const verdict = bound === undefined ? '' : `  [${passed ? 'ok' : 'MISSED'}: ${bound}]`;
  return `${name}: ${number(value)} ${unit}${against}${share}${verdict}`;
}
