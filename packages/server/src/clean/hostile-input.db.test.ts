import { workspaceSettingsSchema } from '@zhiyin/contract';
import fc from 'fast-check';
import pino from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSourceId } from '../domain/ids.ts';
import { openTestStores, type TestStores } from '../storage/testing.ts';
import { readBalance } from './balance.ts';
import { startCleaner } from './cleaner.ts';
import { callsRecord, MemoryJournal } from './testing/memory-journal.ts';

let stores: TestStores;
beforeAll(async () => {
  stores = await openTestStores();
});
afterAll(() => stores?.close());

const names = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'a',
    'a.b',
    'a.b.c',
    'a_b',
    '',
    ' ',
    "'; drop table events; --",
    '`',
    '\\',
    'b[0]',
    'b[]',
    '\u0000x',
  ),
);
const { value: hostile } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      '2026-01-01',
      '2026-01-01 10:00:00',
      'NaN',
      '12',
      '1e5',
      '\u0000',
      '\ud800',
      null,
      true,
      0,
      -0,
      1.5,
      1e300,
      2 ** 53,
      -1e-300,
    ),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 5 }),
  ),
}));

test('whatever stands in properties and traits, the event store takes it and nobody else suffers', async () => {
  const workspaceId = await stores.newWorkspace();
  const journal = new MemoryJournal('hostile');
  const calls = fc
    .sample(fc.dictionary(names, hostile, { maxKeys: 8 }), { numRuns: 1_500, seed: 7 })
    .map((properties, i) =>
      i % 5 === 0
        ? { type: 'identify', messageId: `m${i}`, userId: `u${i % 9}`, traits: properties }
        : {
            type: 'track',
            event: `Own ${i % 3}`,
            messageId: `m${i}`,
            userId: `u${i % 9}`,
            properties,
            context: properties,
          },
    );
  for (let i = 0; i < calls.length; i += 100) {
    journal.append(callsRecord({ workspaceId, sourceId: asSourceId(1) }, calls.slice(i, i + 100)));
  }
  const cleaner = startCleaner({
    journals: [journal],
    stores,
    workspaceOf: async (id) => ({
      id,
      name: 'b',
      timeZone: 'UTC',
      currency: 'USD',
      locale: 'en',
      isDemo: false,
      createdAt: new Date(0),
      settings: workspaceSettingsSchema.parse({}),
    }),
    logger: pino({ level: 'silent' }),
    registry: new Registry(),
    dedupeDays: 8,
  });
  await cleaner.idle();
  expect(cleaner.status().failure).toBeNull();
  await cleaner.stop();
  const { rows } = await stores.events.read(workspaceId, {
    name: 'reasons',
    sql: "select reason, any(detail) as detail, count() as records from @quarantine where reason in ('store_refused', 'poison') group by reason",
  });
  expect(rows).toEqual([]);
  const balance = await readBalance(stores.control, [journal]);
  expect(balance).toMatchObject({ received: 1_500, difference: 0, pending: 0 });
  expect(balance.valid).toBeGreaterThan(1_300);
});
