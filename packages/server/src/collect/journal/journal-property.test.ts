import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JournalRecord } from './journal.ts';
import { aDirectory, aRecord, openWriter, readAll } from './journal-fixtures.ts';
import { openJournalReader } from './open-journal-reader.ts';

type Action =
  | { do: 'append'; sizes: number[] }
  | { do: 'restart' }
  | { do: 'rest' }
  | { do: 'read'; bytesMax: number }
  | { do: 'forget' };

const actions = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('append'), sizes: fc.array(fc.nat(5_000), { maxLength: 8 }) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('restart') }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('rest') }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('read'), bytesMax: fc.integer({ min: 1, max: 20_000 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('forget') }) },
  ) as fc.Arbitrary<Action>,
  { maxLength: 20 },
);

it('is one unbroken sequence of records whatever sizes, restarts, reads and forgetting come in between', async () => {
  await fc.assert(
    fc.asyncProperty(actions, fc.integer({ min: 200, max: 30_000 }), async (plan, segmentBytes) => {
      await using place = await aDirectory();
      const reader = openJournalReader({ dir: place.dir, id: 'http' });
      const open = () =>
        openWriter(place.dir, { segmentBytes, durability: 'process', segmentAgeMs: 4, lookEveryMs: 1 });
      let writer = await open();
      let at = await reader.start();
      let appended = 0;
      const read: JournalRecord[] = [];
      const readOnce = async (bytesMax: number) => {
        const chunk = await reader.read(at, { bytesMax, recordsMax: 1_000 });
        read.push(...chunk.records);
        at = chunk.next;
        expect(await reader.countBefore(at)).toBe(read.length);
        return chunk.records.length;
      };
      for (const action of plan) {
        if (action.do === 'append') {
          await Promise.all(
            action.sizes.map((size, index) =>
              writer.append(aRecord({ route: String(appended + index), body: Buffer.alloc(size, size % 251) })),
            ),
          );
          appended += action.sizes.length;
        } else if (action.do === 'restart') {
          await writer.close();
          writer = await open();
        } else if (action.do === 'rest') await sleep(6);
        else if (action.do === 'read') await readOnce(action.bytesMax);
        else await reader.forget(at);
      }
      while ((await readOnce(50_000)) > 0);
      expect(read.map((record) => record.route)).toEqual(Array.from({ length: appended }, (_, i) => String(i)));
      expect(await reader.recordsTotal()).toBe(appended);
      expect(writer.status().recordsTotal).toBe(appended);
      expect((await readAll(reader)).length).toBeLessThanOrEqual(appended);
      await writer.close();
    }),
    { numRuns: 60 },
  );
});
