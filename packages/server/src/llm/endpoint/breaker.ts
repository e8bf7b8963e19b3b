const failuresMax = 5;
const pauseMs = 30_000;

export type Breaker = {
  /** May a call leave now? After a pause one may, and it decides. */
  readonly mayCall: (key: string, nowMs: number) => boolean;
  readonly note: (key: string, ok: boolean, nowMs: number) => void;
};

/** Five failures in a row, and nobody waits for an endpoint that is down: callers hear so at once for 30 seconds. One per process. */
export function createBreaker(): Breaker {
  const states = new Map<string, { failures: number; closedUntilMs: number }>();
  return {
    mayCall(key, nowMs) {
      const state = states.get(key);
      if (!state || state.failures < failuresMax) return true;
      if (nowMs < state.closedUntilMs) return false;
      // The one that tries; the others wait for what it finds.
      state.closedUntilMs = nowMs + pauseMs;
      return true;
    },
    note(key, ok, nowMs) {
      if (ok) return void states.delete(key);
      const state = states.get(key) ?? { failures: 0, closedUntilMs: 0 };
      state.failures += 1;
      if (state.failures >= failuresMax) state.closedUntilMs = nowMs + pauseMs;
      states.set(key, state);
    },
  };
}
