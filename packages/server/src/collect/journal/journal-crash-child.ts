import { aRecord, openWriter } from './journal-fixtures.ts';

/** Appends without end and reports what was acknowledged, one number a line, until it is killed. */
const [dir = '', first = '0'] = process.argv.slice(2);
const writer = await openWriter(dir, { segmentBytes: 300_000, segmentAgeMs: 20, lookEveryMs: 5 });
let next = Number(first);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const route = String(next++);
      await writer.append(aRecord({ route, body: Buffer.alloc(100 + (next % 7_000), 97) }));
      process.stdout.write(`${route}\n`);
    }
  }),
);
