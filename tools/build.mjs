import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled, fail, root, run } from './install.mjs';

/** What is built, from which files, into which folder. The server runs from its sources and is not built. */
const builds = [
  {
    name: 'kernels',
    inputs: ['packages/kernels/assembly', 'packages/kernels/build.mjs'],
    output: 'packages/kernels/dist',
    command: ['node', 'packages/kernels/build.mjs'],
  },
  {
    name: 'tracker',
    inputs: ['packages/tracker/src', 'packages/tracker/build.mjs'],
    output: 'packages/tracker/dist',
    command: ['node', 'packages/tracker/build.mjs'],
  },
  {
    name: 'console',
    inputs: [
      'packages/console/src',
      'packages/console/index.html',
      'packages/console/vite.config.ts',
      'packages/contract/src',
    ],
    output: 'packages/console/dist',
    command: ['vite', 'build', 'packages/console', '--logLevel', 'warn'],
  },
];

/** Builds what changed since it was built last. */
export function ensureBuilt() {
  for (const build of builds) {
    const stamp = path.join(root, build.output, '.stamp');
    const print = fingerprint(build.inputs);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === print) continue;
    console.log(`Building the ${build.name} …`);
    const [command, ...args] = build.command;
    if (run(command, args) !== 0) fail(`The ${build.name} could not be built; see the message above.`);
    writeFileSync(stamp, print);
  }
}

/** Names, sizes and times of the files: enough to see a change, quick enough for every start. */
function fingerprint(inputs) {
  const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
  for (const input of inputs) {
    for (const file of filesUnder(path.join(root, input))) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function filesUnder(file) {
  if (!existsSync(file)) return [];
  if (!statSync(file).isDirectory()) return [file];
  return readdirSync(file)
    .sort()
    .flatMap((name) => filesUnder(path.join(file, name)));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  ensureInstalled();
  ensureBuilt();
}
