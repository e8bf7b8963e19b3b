import { createHash } from 'node:crypto';
import { stat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../domain/app-error.ts';

/**
 * One writer per journal. The lock is a listening socket named after the directory (device and inode, so that two paths
 * to one directory are one lock): the kernel takes it back the moment the process is gone, even by kill -9, and no file
 * is left that somebody has to judge stale. On Linux the name is abstract and bound atomically.
 */
export async function takeJournalLock(dir: string): Promise<{ release(): Promise<void> }> {
  const { dev, ino } = await stat(dir, { bigint: true });
  const name = `zhiyin-journal-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 24)}`;
  const address = lockAddress(name);
  const server = (await listen(address)) ?? ((await isAbandoned(address)) ? await listen(address) : undefined);
  if (!server) {
    throw new AppError('conflict', `journal: another process is writing ${dir}`, {
      details: {
        fix: 'Stop the other server that uses this data directory, or give this one its own ZHIYIN_DATA_DIR.',
      },
    });
  }
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}

function lockAddress(name: string): string {
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  return path.join(tmpdir(), `${name}.sock`);
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (cause: NodeJS.ErrnoException) =>
      cause.code === 'EADDRINUSE' ? resolve(undefined) : reject(cause),
    );
    server.listen({ path: address, exclusive: true }, () => resolve(server));
  });
}

/** Where sockets are files, one may be left by a dead process: nobody answers on it. */
async function isAbandoned(address: string): Promise<boolean> {
  if (process.platform === 'linux' || process.platform === 'win32') return false;
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
  if (!answered) await unlink(address).catch(() => undefined);
  return !answered;
}
