import { appendFile, open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { openJournalFile } from './journal-file.ts';
import { aDirectory, aRecord, openWriter, readAll } from './journal-fixtures.ts';
import { lookAgain } from './look-again.ts';
import { openJournalReader } from './open-journal-reader.ts';
import { headerBytes, listSegments, segmentPath } from './segment-header.ts';

const failure = (code: string) => Object.assign(new Error(code), { code });

describe('the journal', () => {
  it('gives back every field of a record, byte for byte', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir);
    const record = aRecord({ userAgent: '浏览器/1.0', count: 3, body: Buffer.from([0, 255, 10, 13]), kind: 'spend' });
    await writer.append(record);
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    expect(await readAll(reader)).toEqual([record]);
    await writer.close();
  });

  it('keeps the order of appends and counts events, not records', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir, { segmentBytes: 2_000 });
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => writer.append(aRecord({ route: `r${index}`, count: index }))),
    );
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    expect((await readAll(reader)).map((record) => record.route)).toEqual(
      Array.from({ length: 100 }, (_, i) => `r${i}`),
    );
    expect(writer.status().recordsTotal).toBe(4_950);
    expect(await reader.recordsTotal()).toBe(4_950);
    await writer.close();
  });

  it('puts what arrives during a sync into one commit', async () => {
    await using place = await aDirectory();
    const registry = new Registry();
    const writer = await openWriter(place.dir, { registry });
    await Promise.all(Array.from({ length: 200 }, () => writer.append(aRecord())));
    const commits = (await registry.getSingleMetric('zhiyin_journal_commits_total')?.get())?.values[0]?.value;
    expect(commits).toBeLessThan(10);
    await writer.close();
  });

  it('tells listeners the end of each commit, and a reader gets exactly that far', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir);
    const ends: unknown[] = [];
    const stop = writer.onAppend((end) => ends.push(end));
    await writer.append(aRecord());
    stop();
    await writer.append(aRecord());
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    const first = await reader.read(await reader.start(), { bytesMax: 1, recordsMax: 1 });
    expect(ends).toEqual([first.next]);
    await writer.close();
  });

  it('repeats a claimed chunk exactly, with the same checksum, although more has come', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir);
    await writer.append(aRecord({ route: 'a' }));
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    const start = await reader.start();
    const first = await reader.read(start, { bytesMax: 1_000_000, recordsMax: 1_000 });
    await writer.append(aRecord({ route: 'b' }));
    const again = await reader.read(start, { bytesMax: 1, recordsMax: 1, until: first.next });
    expect(again).toEqual(first);
    expect((await reader.read(start, { bytesMax: 1_000_000, recordsMax: 1_000 })).crc).not.toBe(first.crc);
    await writer.close();
  });

  it('counts what lies before a position, over segments and restarts, also when segments are forgotten', async () => {
    await using place = await aDirectory();
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    const positions = [];
    for (let run = 0; run < 4; run += 1) {
      const writer = await openWriter(place.dir, { segmentBytes: 300 });
      for (let index = 0; index < 5; index += 1) positions.push(await writer.append(aRecord({ count: 2 })));
      await writer.close();
    }
    for (const [index, position] of positions.entries()) expect(await reader.countBefore(position)).toBe(index * 2);
    const half = positions[10];
    if (!half) throw new Error('no position');
    await reader.forget(half);
    expect((await reader.start()).segment).toBe(half.segment);
    expect(await reader.countBefore(half)).toBe(20);
    expect(await reader.recordsTotal()).toBe(40);
    expect(await readAll(reader)).toHaveLength(10);
  });

  it('keeps nothing of what was processed for long, also when nothing arrives any more', async () => {
    await using place = await aDirectory();
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    const writer = await openWriter(place.dir, { segmentAgeMs: 30, lookEveryMs: 5 });
    await writer.append(aRecord({ count: 3, body: Buffer.from('{"email":"li@example.com"}') }));
    const { next } = await reader.read(await reader.start(), { bytesMax: 10_000, recordsMax: 100 });
    const onDisk = async () => {
      const names = (await readdir(path.join(place.dir, 'http'))).filter((name) => name.endsWith('.seg'));
      const texts = await Promise.all(names.map((name) => readFile(path.join(place.dir, 'http', name), 'latin1')));
      return { segments: names.length, named: texts.some((text) => text.includes('li@example.com')) };
    };
    expect(await onDisk()).toEqual({ segments: 1, named: true });
    await expect
      .poll(async () => {
        await reader.forget(next);
        return onDisk();
      })
      .toEqual({ segments: 1, named: false });
    expect([await reader.recordsTotal(), await reader.countBefore(next)]).toEqual([3, 3]);
    await writer.append(aRecord({ route: 'later' }));
    expect((await reader.read(next, { bytesMax: 10_000, recordsMax: 100 })).records.map(({ route }) => route)).toEqual([
      'later',
    ]);
    await writer.close();
    const again = await openWriter(place.dir);
    expect(again.status().recordsTotal).toBe(4);
    await again.close();
  });

  it('answers those who look while segments turn and are deleted under them', async () => {
    await using place = await aDirectory();
    const [reader, looker] = [0, 1].map(() => openJournalReader({ dir: place.dir, id: 'http' }));
    const writer = await openWriter(place.dir, {
      segmentBytes: 400,
      segmentAgeMs: 1,
      lookEveryMs: 1,
      durability: 'process',
    });
    let at = await reader!.start();
    let isDone = false;
    const clean = async () => {
      for (let i = 0; i < 60; i += 1) {
        await writer.append(aRecord({ route: String(i) }));
        at = (await reader!.read(at, { bytesMax: 10_000, recordsMax: 10 })).next;
        await reader!.forget(at);
      }
      isDone = true;
    };
    const look = async () => {
      let looks = 0;
      for (; !isDone; looks += 1) {
        const position = at;
        expect(await looker!.countBefore(position)).toBeGreaterThanOrEqual(0);
        // The position is read anew each time, as a checkpoint is.
        await lookAgain(() => looker!.oldestAt(at));
      }
      return looks;
    };
    const [looks] = await Promise.all([look(), clean()]);
    expect(looks).toBeGreaterThan(20);
    expect(await looker!.countBefore(at)).toBe(60);
    await writer.close();
  });

  it('never forgets the segment that carries the count', async () => {
    await using place = await aDirectory();
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    const first = await openWriter(place.dir);
    await first.append(aRecord({ count: 7 }));
    await first.close();
    await reader.forget({ segment: 99, offset: 0 });
    const second = await openWriter(place.dir);
    expect(second.status().recordsTotal).toBe(7);
    await second.append(aRecord());
    expect(await reader.recordsTotal()).toBe(8);
    await second.close();
  });

  it('is empty for a reader that comes before the first writer, and goes on from there', async () => {
    await using place = await aDirectory();
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    const start = await reader.start();
    const nothing = await reader.read(start, { bytesMax: 1_000, recordsMax: 10 });
    expect(nothing).toMatchObject({ records: [], next: start });
    expect([await reader.recordsTotal(), await reader.countBefore(start), await reader.oldestAt(start)]).toEqual([
      0,
      0,
      null,
    ]);
    const writer = await openWriter(place.dir);
    await writer.append(aRecord());
    expect((await reader.read(nothing.next, { bytesMax: 1_000, recordsMax: 10 })).records).toHaveLength(1);
    expect(await reader.oldestAt(start)).toEqual(aRecord().receivedAt);
    await writer.close();
  });

  it('does not show a reader what is not durable yet', async () => {
    await using place = await aDirectory();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const writer = await openWriter(place.dir, {
      openFile: async (filePath) => ({ ...(await openJournalFile(filePath)), datasync: () => held }),
    });
    const appended = writer.append(aRecord());
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await readFile(segmentPath(path.join(place.dir, 'http'), 1))).length).toBeGreaterThan(headerBytes);
    expect(await readAll(reader)).toEqual([]);
    letGo();
    await appended;
    expect(await readAll(reader)).toHaveLength(1);
    await writer.close();
  });

  it('lets one process write and refuses the second', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir);
    await expect(openWriter(place.dir)).rejects.toMatchObject({ code: 'conflict' });
    await writer.close();
    await (await openWriter(place.dir)).close();
  });

  it('refuses with overload what would not fit in memory, and goes on afterwards', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir, { inflightBytesMax: 10_000 });
    const body = Buffer.alloc(4_000, 32);
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => writer.append(aRecord({ body }))));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', ...Array(3).fill('rejected')]);
    expect(results[4]).toMatchObject({ reason: { code: 'overload' } });
    await writer.append(aRecord({ body }));
    await writer.close();
  });

  it('answers storage.full at the limit and goes on when the reader has let segments go', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir, { journalBytesMax: 20_000 });
    const body = Buffer.alloc(3_000, 32);
    const appendUntilFull = async () => {
      for (let index = 0; index < 20; index += 1) await writer.append(aRecord({ body }));
    };
    await expect(appendUntilFull()).rejects.toMatchObject({ code: 'storage.full', details: { limit: 'journal' } });
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    const before = await readAll(reader);
    await reader.forget({ segment: 999, offset: 0 });
    await expect.poll(() => writer.append(aRecord({ body })).then(() => 'ok'), { timeout: 3_000 }).toBe('ok');
    expect(before.length).toBe(6);
    await writer.close();
  });

  it('answers storage.full when the disk is down to its reserve, and recovers by itself', async () => {
    await using place = await aDirectory();
    let free = 1_000;
    const writer = await openWriter(place.dir, { diskReserveBytes: 5_000, freeBytes: async () => free });
    await expect(writer.append(aRecord())).rejects.toMatchObject({ code: 'storage.full', details: { limit: 'disk' } });
    free = 100_000;
    await expect.poll(() => writer.append(aRecord()).then(() => 'ok'), { timeout: 3_000 }).toBe('ok');
    await writer.close();
  });
});

describe('a journal on a failing disk', () => {
  it('takes a half-written record back and rejects only its own appends', async () => {
    await using place = await aDirectory();
    let fails = false;
    const writer = await openWriter(place.dir, {
      openFile: async (filePath) => {
        const file = await openJournalFile(filePath);
        return {
          ...file,
          async writeAll(buffers, position) {
            if (!fails) return file.writeAll(buffers, position);
            await file.writeAll([Buffer.concat(buffers).subarray(0, 20)], position);
            throw failure('ENOSPC');
          },
        };
      },
    });
    await writer.append(aRecord({ route: 'a' }));
    fails = true;
    await expect(writer.append(aRecord({ route: 'lost' }))).rejects.toMatchObject({ code: 'storage.full' });
    fails = false;
    await writer.append(aRecord({ route: 'b' }));
    await writer.close();
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    expect((await readAll(reader)).map((record) => record.route)).toEqual(['a', 'b']);
    expect(await reader.recordsTotal()).toBe(2);
  });

  it.each([true, false])('never trusts a file again after a failed sync (truncate works: %s)', async (truncates) => {
    await using place = await aDirectory();
    let fails = false;
    const writer = await openWriter(place.dir, {
      openFile: async (filePath) => {
        const file = await openJournalFile(filePath);
        return {
          ...file,
          datasync: () => (fails ? Promise.reject(failure('EIO')) : file.datasync()),
          truncate: (bytes) => (truncates ? file.truncate(bytes) : Promise.reject(failure('EIO'))),
        };
      },
    });
    await writer.append(aRecord({ route: 'a' }));
    fails = true;
    await expect(writer.append(aRecord({ route: 'lost' }))).rejects.toMatchObject({ code: 'storage.unavailable' });
    fails = false;
    const position = await writer.append(aRecord({ route: 'b' }));
    expect(position.segment).toBe(2);
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    expect((await readAll(reader)).map((record) => record.route)).toEqual(['a', 'b']);
    expect(await reader.countBefore(position)).toBe(1);
    await writer.close();
  });

  it.each([1, 7, 30, 60])('cuts a tail torn %i bytes before its end and keeps all before it', async (bytes) => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir);
    await writer.append(aRecord({ route: 'a' }));
    await writer.append(aRecord({ route: 'torn' }));
    await writer.close();
    const file = segmentPath(path.join(place.dir, 'http'), 1);
    await truncate(file, (await readFile(file)).length - bytes);
    await writeFile(path.join(place.dir, 'http', 'durable'), '');
    const again = await openWriter(place.dir);
    await again.append(aRecord({ route: 'b' }));
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    expect((await readAll(reader)).map((record) => record.route)).toEqual(['a', 'b']);
    expect(again.status().recordsTotal).toBe(2);
    await again.close();
  });

  it('cuts zeroes that a power cut left where data should have been, and half-made segments', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir);
    await writer.append(aRecord());
    await writer.close();
    const dir = path.join(place.dir, 'http');
    await appendFile(segmentPath(dir, 1), Buffer.alloc(5_000));
    await writeFile(`${segmentPath(dir, 2)}.new`, 'half');
    const again = await openWriter(place.dir);
    expect(again.status().recordsTotal).toBe(1);
    expect(await listSegments(dir)).toEqual([1]);
    expect(await readdir(dir)).not.toContain('0000000002.seg.new');
    await again.close();
  });

  it('says where a damaged record is instead of skipping it, and keeps a copy at the next start', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir);
    await writer.append(aRecord());
    await writer.close();
    const dir = path.join(place.dir, 'http');
    const file = await open(segmentPath(dir, 1), 'r+');
    await file.write(Buffer.from('X'), 0, 1, headerBytes + 60);
    await file.close();
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    await expect(readAll(reader)).rejects.toThrow('the record at 1:64 fails its checksum');
    await (await openWriter(place.dir)).close();
    expect(await readdir(dir)).toContain('0000000001.seg.damaged');
  });

  it('sets a segment with a damaged header aside, says so to readers, and never uses its number again', async () => {
    await using place = await aDirectory();
    const writer = await openWriter(place.dir, { segmentBytes: 200 });
    for (let index = 0; index < 3; index += 1) await writer.append(aRecord({ route: String(index) }));
    const last = await writer.append(aRecord({ route: 'in the damaged one' }));
    await writer.close();
    const dir = path.join(place.dir, 'http');
    const file = await open(segmentPath(dir, last.segment), 'r+');
    await file.write(Buffer.from('X'), 0, 1, 20);
    await file.close();
    const again = await openWriter(place.dir);
    expect((await again.append(aRecord({ route: 'after' }))).segment).toBe(last.segment + 1);
    expect(again.status().recordsTotal).toBe(5);
    expect(await readdir(dir)).toContain(`${path.basename(segmentPath(dir, last.segment))}.damaged`);
    const reader = openJournalReader({ dir: place.dir, id: 'http' });
    await expect(reader.read(last, { bytesMax: 1_000, recordsMax: 10 })).rejects.toThrow('is gone before it was read');
    const behind = await reader.read({ segment: last.segment + 1, offset: 0 }, { bytesMax: 1_000, recordsMax: 10 });
    expect(behind.records.map((record) => record.route)).toEqual(['after']);
    await again.close();
  });
});
