import { describe, expect, it } from 'vitest';
import { createReadiness, diskCheck } from './readiness.ts';

describe('readiness', () => {
  it('is ready when every check is, and names the one that is not', async () => {
    const read = createReadiness([
      { name: 'events', check: async () => ({ ok: true, says: 'answers' }) },
      { name: 'control', check: async () => ({ ok: false, says: 'does not answer' }) },
    ]);
    const { ok, checks } = await read();
    expect(ok).toBe(false);
    expect(checks.events).toMatchObject({ ok: true });
    expect(checks.control).toMatchObject({ ok: false, says: 'does not answer' });
  });

  it('takes a check that throws or hangs for a failed one, within five seconds, and tells no details', async () => {
    const read = createReadiness([
      { name: 'throws', check: () => Promise.reject(new Error('postgres://secret@host')) },
      { name: 'hangs', check: () => new Promise(() => undefined) },
    ]);
    const started = performance.now();
    const { ok, checks } = await read();
    expect(ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(checks.throws).toMatchObject({ ok: false });
    expect(checks.hangs).toMatchObject({ ok: false });
    expect(JSON.stringify(checks)).not.toContain('secret');
  });

  it('asks again after a second, not for every probe', async () => {
    let at = 0;
    let asked = 0;
    const read = createReadiness([{ name: 'x', check: async () => ({ ok: ++asked > 0, says: '' }) }], () => at);
    await Promise.all([read(), read(), read()]);
    expect(asked).toBe(1);
    at += 1_001;
    await read();
    expect(asked).toBe(2);
  });

  it('is not ready when the disk has less than its reserve', async () => {
    expect(await diskCheck('/', 1).check()).toMatchObject({ ok: true });
    expect(await diskCheck('/', Number.MAX_SAFE_INTEGER).check()).toMatchObject({ ok: false });
  });
});
