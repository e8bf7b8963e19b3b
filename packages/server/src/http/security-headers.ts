import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * No script but our own files. Styles may be inline: the component library writes its own at run time.
 * Pictures may come from the brand's shop; nothing else leaves for another host.
 */
const contentPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: https:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function createSecurityHeaders(publicUrl: string | undefined) {
  const headers: Record<string, string> = {
    'content-security-policy': contentPolicy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  };
  if (publicUrl?.startsWith('https:')) headers['strict-transport-security'] = 'max-age=31536000; includeSubDomains';
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.headers(headers);
    reply.header('x-request-id', request.id);
    // Collect is called from other sites' pages; what is ours is not to be read by them.
    if (!request.url.startsWith('/v1/')) reply.header('cross-origin-resource-policy', 'same-origin');
  };
}
