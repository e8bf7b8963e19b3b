import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { formatRequest, HttpConnection } from './bench/http-connection.ts';
import { openJournalReader } from './journal/index.ts';

const script = fileURLToPath(new URL('./bench/bench-server.ts', import.meta.url));
const kills = 6;
const senders = 8;

it('has every event that got a 200 once, and none that nobody sent, after kill -9 under load', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'zhiyin-collect-crash-'));
  const sent = new Set<string>();
  const acknowledged = new Set<string>();
  try {
    for (let round = 0; round < kills; round += 1) {
      const server = spawn(process.execPath, [script, 'collect', dir], { stdio: ['pipe', 'pipe', 'inherit'] });
      const ended = once(server, 'exit');
      const [line] = (await once(server.stdout, 'data')) as [Buffer];
      const load = Array.from({ length: senders }, async (_, sender) => {
        const connection = await HttpConnection.open(Number(line.toString()));
        for (let request = 0; ; request += 1) {
          const ids = Array.from(
            { length: 1 + (request % 20) },
            (_, event) => `${round}-${sender}-${request}-${event}`,
          );
          for (const id of ids) sent.add(id);
          const body = JSON.stringify({ batch: ids.map((messageId) => ({ messageId, type: 'track' })) });
          const status = await connection.send(formatRequest('/v1/batch', body));
          if (status !== 200) return connection.close();
          for (const id of ids) acknowledged.add(id);
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 100 + round * 87));
      server.kill('SIGKILL');
      await Promise.all([...load, ended]);
    }
    // A last start puts the journal in order, as it does in life.
    const last = spawn(process.execPath, [script, 'collect', dir], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(last.stdout, 'data');
    last.stdin.end();
    await once(last, 'exit');

    const found: string[] = [];
    const reader = openJournalReader({ dir, id: 'http' });
    let at = await reader.start();
    for (;;) {
      const { records, next } = await reader.read(at, { bytesMax: 1_000_000, recordsMax: 100_000 });
      if (records.length === 0) break;
      for (const record of records) {
        const { batch } = JSON.parse(record.body.toString()) as { batch: { messageId: string }[] };
        expect(batch).toHaveLength(record.count);
        found.push(...batch.map((event) => event.messageId));
      }
      at = next;
    }
    const there = new Set(found);
    expect(there.size).toBe(found.length);
    expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
    expect(found.filter((id) => !sent.has(id))).toEqual([]);
    expect(await reader.recordsTotal()).toBe(found.length);
    expect(acknowledged.size).toBeGreaterThan(1_000);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
