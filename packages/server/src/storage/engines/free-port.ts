import { createServer } from 'node:net';

/** A loopback port that is free now: the wished one when possible, otherwise one that the kernel picks. */
export async function freePort(wished?: number): Promise<number> {
  if (wished && (await isFree(wished))) return wished;
  return listenOnce(0);
}

async function isFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
