import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../domain/app-error.ts';

export type RateLimit = { readonly perSecond: number; readonly burst: number };

const bucketsMax = 50_000;

/** Token buckets by name, in bounded memory. Returns 0 when there is room, else the seconds to wait. */
export function createBuckets({ perSecond, burst }: RateLimit, now: () => number = Date.now) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return function take(name: string): number {
    const at = now();
    const bucket = buckets.get(name) ?? { tokens: burst, at };
    const tokens = Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
    const allowed = tokens >= 1;
    buckets.delete(name);
    buckets.set(name, { tokens: allowed ? tokens - 1 : tokens, at });
    if (buckets.size > bucketsMax) buckets.delete(buckets.keys().next().value as string);
    return allowed ? 0 : (1 - tokens) / perSecond;
  };
}

/** Before anything is looked up, so that guessing keys is no way around it. */
export function limitByAddress(limit: RateLimit) {
  const take = createBuckets(limit);
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (request.url.startsWith('/api/')) refuseWhenEmpty(take(request.ip));
  };
}

/** After the guard: one busy key or operator leaves room for the others behind the same address. */
export function limitByActor(limit: RateLimit) {
  const take = createBuckets(limit);
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (request.access) refuseWhenEmpty(take(`${request.access.actor.kind}:${request.access.actor.id}`));
  };
}

function refuseWhenEmpty(waitSeconds: number): void {
  if (waitSeconds === 0) return;
  throw new AppError('overload', 'Too many requests.', {
    details: { retryAfterSeconds: waitSeconds, fix: 'Wait as long as Retry-After says and ask less often.' },
  });
}
