import { mkdir } from 'node:fs/promises';
import fastify from 'fastify';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { fakeSources } from '../collect-fixtures.ts';
import { openJournalWriter } from '../journal/index.ts';
import { registerCollectRoutes } from '../routes.ts';

/**
 * The server that is measured, in a process of its own: `collect <dir>` is the endpoints with a journal on disk,
 * `bare` the same framework parsing the same body and answering without storing. Prints its port, ends with its input.
 */
const [mode, dir = ''] = process.argv.slice(2);
const app = fastify({ logger: false });
if (mode === 'collect') {
  await mkdir(dir, { recursive: true });
  const registry = new Registry();
  const journal = await openJournalWriter({
    dir,
    id: 'http',
    durability: 'power',
    inflightBytesMax: 64 * 1_048_576,
    journalBytesMax: 8_192 * 1_048_576,
    diskReserveBytes: 64 * 1_048_576,
    logger: pino({ level: 'silent' }),
    registry,
  });
  await registerCollectRoutes(app, {
    journal,
    sources: fakeSources({ key: {} }),
    events: { append: async () => {} },
    durability: 'power',
    inflightBytesMax: 64 * 1_048_576,
    registry,
    trackerPath: '',
  });
} else {
  app.post('/v1/batch', async (request) => {
    const { batch } = request.body as { batch: unknown[] };
    return { success: batch.length > 0 };
  });
}
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${(app.server.address() as { port: number }).port}\n`);
process.stdin.resume().once('end', () => process.exit(0));
