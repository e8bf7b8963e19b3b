import { statfs } from 'node:fs/promises';
import type { Stores } from '../storage/stores.ts';

export type CheckResult = { readonly ok: boolean; readonly says: string };
export type ReadinessCheck = { readonly name: string; readonly check: () => Promise<CheckResult> };
export type Readiness = { ok: boolean; checks: Record<string, CheckResult & { elapsedMs: number }> };

const checkTimeoutMs = 2_000;
const keptMs = 1_000;

/** Both stores answer. */
export function storeChecks(stores: Pick<Stores, 'events' | 'control'>): ReadinessCheck[] {
  const answers = (ok: boolean) => ({ ok, says: ok ? 'answers' : 'does not answer' });
  return [
    { name: 'events', check: async () => answers(await stores.events.ping(1_500)) },
    { name: 'control', check: async () => answers(await stores.control.ping(1_500)) },
  ];
}

/** There is more free space than is kept in reserve. */
export function diskCheck(dir: string, reserveBytes: number): ReadinessCheck {
  return {
    name: 'disk',
    check: async () => {
      const free = await freeBytes(dir);
      const megabytes = Math.floor(free / 1_048_576);
      return {
        ok: free > reserveBytes,
        says: `${megabytes} MB free, ${Math.floor(reserveBytes / 1_048_576)} MB in reserve`,
      };
    },
  };
}

export async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

/** Runs all checks at once, each with a time limit; the answer is kept for a second so that eager probes cost nothing. */
export function createReadiness(checks: readonly ReadinessCheck[], now: () => number = Date.now) {
  let kept: { until: number; readiness: Promise<Readiness> } | undefined;
  return function readReadiness(): Promise<Readiness> {
    if (!kept || kept.until <= now()) kept = { until: now() + keptMs, readiness: runChecks(checks) };
    return kept.readiness;
  };
}

async function runChecks(checks: readonly ReadinessCheck[]): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      const started = performance.now();
      const result = await withinTime(check);
      return [name, { ...result, elapsedMs: Math.round(performance.now() - started) }] as const;
    }),
  );
  return { ok: results.every(([, result]) => result.ok), checks: Object.fromEntries(results) };
}

async function withinTime(check: ReadinessCheck['check']): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, { ok: false, says: `no answer in ${checkTimeoutMs} ms` });
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    // What exactly went wrong may name hosts and paths, and this page is open to everybody.
    return { ok: false, says: 'failed; the log has the reason' };
  } finally {
    clearTimeout(timer);
  }
}
