import { execFileSync, spawn } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { aDirectory, aRecord, openWriter, readAll } from './journal-fixtures.ts';
import { openJournalReader } from './open-journal-reader.ts';

const child = fileURLToPath(new URL('./journal-crash-child.ts', import.meta.url));

async function appendUntilKilled(dir: string, first: number, killAfterMs: number): Promise<string[]> {
  const running = spawn(process.execPath, [child, dir, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  running.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await new Promise((resolve) => running.stdout.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, killAfterMs));
  running.kill('SIGKILL');
  await new Promise((resolve) => running.once('close', resolve));
  // The last line may be cut; what has its line end was acknowledged.
  return text.split('\n').slice(0, -1);
}

it('has every acknowledged record once after each of ten kills, and counts exactly', async () => {
  await using place = await aDirectory();
  const acknowledged = new Set<string>();
  for (let round = 0; round < 10; round += 1) {
    for (const route of await appendUntilKilled(place.dir, round * 1_000_000, 20 + round * 23)) acknowledged.add(route);
  }
  const writer = await openWriter(place.dir);
  const found = (await readAll(openJournalReader({ dir: place.dir, id: 'http' }), 500_000)).map(
    (record) => record.route,
  );
  expect(new Set(found).size).toBe(found.length);
  expect([...acknowledged].filter((route) => !new Set(found).has(route))).toEqual([]);
  // At most what was under way at each kill is there without having been acknowledged.
  expect(found.length - acknowledged.size).toBeLessThanOrEqual(10 * 8);
  expect(writer.status().recordsTotal).toBe(found.length);
  expect(acknowledged.size).toBeGreaterThan(100);
  await writer.close();
});

it('survives a full disk: nothing acknowledged is lost, and it goes on when space is free again', async (context) => {
  await using place = await aDirectory();
  if (process.getuid?.() !== 0) return context.skip('needs root to mount a small tmpfs');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', place.dir], { stdio: 'pipe' });
  } catch {
    return context.skip('mounting a tmpfs is not allowed here');
  }
  try {
    const ballast = path.join(place.dir, 'ballast');
    await writeFile(ballast, Buffer.alloc(1_000_000));
    const writer = await openWriter(place.dir);
    const body = Buffer.alloc(10_000, 97);
    let acknowledged = 0;
    const append = () => writer.append(aRecord({ route: String(acknowledged), body })).then(() => acknowledged++);
    const fill = async () => {
      for (let index = 0; index < 500; index += 1) await append();
    };
    await expect(fill()).rejects.toMatchObject({ code: 'storage.full' });
    await expect(append()).rejects.toMatchObject({ code: 'storage.full' });
    const whenFull = acknowledged;
    expect(whenFull).toBeGreaterThan(50);
    await rm(ballast);
    await expect.poll(() => append().then(() => 'ok'), { timeout: 5_000 }).toBe('ok');
    for (let index = 0; index < 20; index += 1) await append();
    await writer.close();
    const found = await readAll(openJournalReader({ dir: place.dir, id: 'http' }), 100_000);
    expect(found.map((record) => record.route)).toEqual(Array.from({ length: acknowledged }, (_, i) => String(i)));
    const again = await openWriter(place.dir);
    expect(again.status().recordsTotal).toBe(acknowledged);
    await again.close();
  } finally {
    execFileSync('umount', [place.dir]);
  }
});
