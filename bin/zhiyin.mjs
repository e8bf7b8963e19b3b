#!/usr/bin/env node
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureInstalled, pinnedNode, root } from '../tools/install.mjs';

/** The `zhiyin` command: the same program under the pinned Node, whatever Node runs this line. */
ensureInstalled();
const command = spawn(pinnedNode, [path.join(root, 'packages/server/src/cli/zhiyin.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => command.kill(signal));
command.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
