import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, root, run } from './install.mjs';

/** `npm test`: everything, from a fresh clone. The last line is `N passed, N failed`; the exit code says the same. */
ensureInstalled();
ensureChromium();

const seconds = () => (performance.now() / 1000).toFixed(0);
const checks = [
  ['lint', 'biome', ['check', '.']],
  ['types', 'tsc', ['-b']],
];
let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, command, args] of checks) {
  const ok = run(command, args) === 0;
  console.log(`${ok ? 'ok' : 'FAILED'}: ${name} (${seconds()} s)`);
  if (ok) passed += 1;
  else failed += 1;
}
ensureBuilt();

const report = path.join(root, 'node_modules/.cache/tests.json');
mkdirSync(path.dirname(report), { recursive: true });
rmSync(report, { force: true });
// Every statement sent to a store is noted here; the last test looks at them.
const statements = path.join(root, 'node_modules/.cache/statements');
rmSync(statements, { recursive: true, force: true });
process.env.ZHIYIN_STATEMENT_LOG = statements;
const exitCode = run('vitest', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
]);
if (existsSync(report)) {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped += result.numPendingTests + result.numTodoTests;
  // A file that does not even load has no tests to fail.
  failed += result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
}
if (exitCode !== 0 && failed === 0) failed = 1;

console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);

/** Browser tests need Debian's Chromium and, for screenshots of Chinese, a CJK font. */
function ensureChromium() {
  if (existsSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium')) return;
  const canInstall = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (canInstall) {
    console.log('Installing Chromium for the browser tests (once) …');
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    const ok =
      run('apt-get', ['update', '-qq'], quiet) === 0 &&
      run('apt-get', ['install', '-y', '-qq', 'chromium', 'fonts-noto-cjk'], quiet) === 0;
    if (ok) return;
  }
  console.log(
    'Browser tests are skipped: install chromium and fonts-noto-cjk (apt-get install chromium fonts-noto-cjk), or set CHROMIUM_PATH.',
  );
}
