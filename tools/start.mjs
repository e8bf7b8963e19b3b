import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled, pinnedNode, root } from './install.mjs';

/** `npm start`: from a fresh clone to a running platform. Everything after `--` goes to the platform. */
ensureInstalled();
ensureBuilt();

const platform = spawn(
  pinnedNode,
  [path.join(root, 'packages/server/src/cli/zhiyin.ts'), 'start', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
// The platform drains and stops by itself; this process only passes the wish on and waits.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => platform.kill(signal));
platform.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
