import type { FastifyRequest } from 'fastify';
import { AppError } from '../domain/app-error.ts';

/**
 * Refuses what another site made a browser send. Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`);
 * programs send neither, and carry no cookie that somebody else could misuse.
 */
export function requireSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const siteFits = site === undefined || site === 'same-origin' || site === 'none';
  const originFits = origin === undefined || isOurs(origin, request.host, publicUrl);
  if (siteFits && originFits) return;
  throw new AppError('csrf.invalid', 'This request comes from another site.', {
    details: {
      field: siteFits ? 'origin' : 'sec-fetch-site',
      fix: 'Use the console under its own address. Behind a proxy, set ZHIYIN_PUBLIC_URL to the address browsers use.',
    },
  });
}

function isOurs(origin: string, host: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const from = new URL(origin);
  return from.host === host || (publicUrl !== undefined && from.origin === new URL(publicUrl).origin);
}
