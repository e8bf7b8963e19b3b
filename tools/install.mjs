import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Runs on any Node from 20 on, before anything is installed: plain JavaScript, no dependencies. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const pinnedNode = path.join(root, 'node_modules/.bin/node');

/** Installs from the lockfile when node_modules does not match it. */
export function ensureInstalled() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(`Zhiyin needs Node 20 or later to install itself (it then brings its own); this is ${process.version}.`);
  }
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = path.join(root, 'node_modules/.zhiyin-lock');
  if (existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log('Installing dependencies (once, about a minute) …');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  // Some older npm releases cannot read this lockfile; a current one is then fetched for this run alone.
  if (run('npm', ['ci', ...quiet]) !== 0 && run('npx', ['--yes', 'npm@11', 'ci', ...quiet]) !== 0) {
    fail('npm ci failed; see its message above.');
  }
  writeFileSync(stamp, lock);
}

/** Runs a command with the pinned Node first in PATH; gives its exit code. */
export function run(command, args, options = {}) {
  const env = { ...process.env, PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH}` };
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', env, ...options });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    return 1;
  }
  return result.status ?? 1;
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}
