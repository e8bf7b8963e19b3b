import { Registry } from 'prom-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asWorkspaceId } from '../domain/ids.ts';
import { openTestControl, type TestControl } from '../trust/testing/open-test-control.ts';
import { type JobHandler, type Jobs, openJobs } from './index.ts';

const workspaceId = asWorkspaceId(5);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('jobs', () => {
  let store: TestControl;
  let open: Jobs[] = [];
  beforeAll(async () => {
    store = await openTestControl();
  });
  afterEach(async () => {
    await Promise.all(open.map((jobs) => jobs.stop(2_500)));
    open = [];
  });
  afterAll(() => store?.close());

  /** A process: every one of them defines the same job; each test has a queue of its own. */
  const process = async (name: string, worker: boolean, handler: JobHandler, retryLimit = 0, timeoutSeconds = 60) => {
    const registry = new Registry();
    const jobs = openJobs({
      connectionString: store.control.connectionString,
      schema: 'jobs_test',
      logger: silent,
      registry,
      pollSeconds: 1,
    });
    const backoff = { firstSeconds: 1, mostSeconds: 4 };
    jobs.define({ name, says: 'Does a thing.', retryLimit, backoff, concurrency: 2, timeoutSeconds }, handler);
    await jobs.start({ worker });
    open.push(jobs);
    return jobs;
  };
  const never: JobHandler = () => Promise.reject(new Error('this process runs nothing'));
  const untilAborted: JobHandler = ({ signal }) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
    );
  const find = async (jobs: Jobs, id: string | null) =>
    (await jobs.list(workspaceId)).rows.find((job) => job.id === id);
  const stateOf = (jobs: Jobs, id: string | null) => async () => (await find(jobs, id))?.state;
  const patient = { timeout: 15_000, interval: 100 };

  it('run in a worker soon after another process sent them, with their ids', async () => {
    const seen: unknown[] = [];
    const sender = await process('run', false, never);
    await process('run', true, async ({ data, workspaceId: id, attempt }) => void seen.push([data, id, attempt]));
    const sentAt = performance.now();
    const id = await sender.send('run', { importId: 12 }, { subject: 'import 12', workspaceId });
    await expect.poll(() => seen, patient).toEqual([[{ importId: 12 }, 5, 1]]);
    expect(performance.now() - sentAt).toBeLessThan(3_000);
    await expect.poll(stateOf(sender, id), patient).toBe('completed');
    expect(await find(sender, id)).toMatchObject({ subject: 'import 12', attempts: 1, attemptsMax: 1, error: null });
  });

  it('are tried again after a wait that grows, then fail with the sentence of the error', async () => {
    const at: number[] = [];
    const jobs = await process(
      'flaky',
      true,
      async () => {
        at.push(performance.now());
        throw Object.assign(new Error('the file is gone'), { detail: 'li@example.com' });
      },
      2,
    );
    const id = await jobs.send('flaky', {}, { workspaceId });
    await expect.poll(stateOf(jobs, id), patient).toBe('retry');
    expect((await find(jobs, id))?.nextAttemptAt).not.toBeNull();
    await expect.poll(stateOf(jobs, id), patient).toBe('failed');
    expect(at).toHaveLength(3);
    expect(at[1]! - at[0]!).toBeGreaterThan(900);
    expect(at[2]! - at[1]!).toBeGreaterThan(1_500);
    const job = await find(jobs, id);
    expect(job).toMatchObject({ attempts: 3, attemptsMax: 3, error: 'the file is gone' });
    const stored = JSON.stringify(await store.control.query("select * from jobs_test_jobs.job where name = 'flaky'"));
    expect(stored).not.toContain('li@example.com');
  });

  it('are each run once though two workers look for them', async () => {
    const seen: string[] = [];
    const worker =
      (mark: string): JobHandler =>
      async ({ data }) =>
        void seen.push(`${data.n} ${mark}`);
    const first = await process('shared', true, worker('a'));
    await process('shared', true, worker('b'));
    await Promise.all(Array.from({ length: 40 }, (_, n) => first.send('shared', { n }, { workspaceId })));
    await expect.poll(() => seen.length, { timeout: 60_000 }).toBe(40);
    expect(new Set(seen.map((each) => each.split(' ')[0])).size).toBe(40);
  });

  it('wait or run once per key', async () => {
    const jobs = await process('single', true, untilAborted);
    const options = { singletonKey: 'import 1', workspaceId };
    const id = await jobs.send('single', {}, options);
    expect(await jobs.send('single', {}, options)).toBeNull();
    await expect.poll(stateOf(jobs, id), patient).toBe('active');
    expect(await jobs.send('single', {}, options)).toBeNull();
    expect(await jobs.send('single', {}, { ...options, singletonKey: 'import 2' })).not.toBeNull();
  });

  it('can be cancelled while they run, from another process, and run again', async () => {
    let aborted = 0;
    const sender = await process('long', false, never);
    await process('long', true, async (run) => {
      run.progress(3, 10);
      await untilAborted(run).catch((error: Error) => {
        aborted++;
        throw error;
      });
    });
    const id = (await sender.send('long', {}, { workspaceId }))!;
    await expect.poll(async () => (await find(sender, id))?.progress, patient).toEqual({ done: 3, total: 10 });
    const cancelledAt = performance.now();
    await sender.cancel(workspaceId, id);
    await expect.poll(() => aborted, patient).toBe(1);
    expect(performance.now() - cancelledAt).toBeLessThan(2_000);
    expect(await find(sender, id)).toMatchObject({ state: 'cancelled' });
    await expect(sender.cancel(workspaceId, id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(sender.cancel(asWorkspaceId(6), id)).rejects.toMatchObject({ code: 'not_found' });
    await sender.retry(workspaceId, id);
    await expect.poll(stateOf(sender, id), patient).toBe('active');
  });

  it('are given back when their process stops within its time, and lose no attempt', async () => {
    const sender = await process('stopped', false, never);
    const worker = await process('stopped', true, untilAborted);
    const id = await sender.send('stopped', {}, { workspaceId });
    await expect.poll(stateOf(sender, id), patient).toBe('active');
    const started = performance.now();
    await worker.stop(3_000);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await find(sender, id)).toMatchObject({ state: 'retry', attemptsMax: 2 });
  });

  it('are cut off when they take longer than they may', async () => {
    const jobs = await process('slow', true, untilAborted, 0, 1);
    const id = await jobs.send('slow', {}, { workspaceId });
    await expect.poll(stateOf(jobs, id), patient).toBe('failed');
    expect((await find(jobs, id))?.error).toMatch(/exceeded 1s/);
  });

  it('are listed page by page, only those of the workspace, with the schedules', async () => {
    const registry = new Registry();
    const jobs = openJobs({
      connectionString: store.control.connectionString,
      schema: 'jobs_test',
      logger: silent,
      registry,
    });
    jobs.define(
      {
        name: 'nightly',
        says: 'Sweeps.',
        retryLimit: 0,
        backoff: { firstSeconds: 1, mostSeconds: 1 },
        concurrency: 1,
        timeoutSeconds: 60,
      },
      never,
    );
    jobs.schedule('nightly', '0 3 * * *', 'Asia/Shanghai', 'Every night at three.');
    await jobs.start({ worker: false });
    open.push(jobs);
    const mine = asWorkspaceId(77);
    for (let n = 0; n < 5; n++) await jobs.send('nightly', { n }, { workspaceId: mine });
    await jobs.send('nightly', {}, { workspaceId: asWorkspaceId(78) });
    const first = await jobs.list(mine, undefined, 3);
    const second = await jobs.list(mine, first.nextCursor ?? undefined, 3);
    expect(first.rows).toHaveLength(3);
    expect(second.rows).toHaveLength(2);
    expect(second.nextCursor).toBeNull();
    expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(5);
    expect(first.schedules).toEqual([
      { name: 'nightly', cron: '0 3 * * *', timeZone: 'Asia/Shanghai', says: 'Every night at three.' },
    ]);
  });
});
