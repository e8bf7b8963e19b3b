import type { FastifyReply, FastifyRequest } from 'fastify';
import { sessionDays } from '../trust/index.ts';

export type SessionCookie = {
  read(request: FastifyRequest): string | undefined;
  set(reply: FastifyReply, token: string): void;
  clear(reply: FastifyReply): void;
};

/** Over https the name starts with `__Host-`, which browsers only accept with Secure, for this host alone and the whole path. */
export function createSessionCookie(publicUrl: string | undefined): SessionCookie {
  const secure = publicUrl?.startsWith('https:') ?? false;
  const name = secure ? '__Host-zhiyin_session' : 'zhiyin_session';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  return {
    read: (request) => request.cookies[name],
    set: (reply, token) => {
      reply.setCookie(name, token, { ...options, maxAge: sessionDays * 86_400 });
    },
    clear: (reply) => {
      reply.clearCookie(name, options);
    },
  };
}
