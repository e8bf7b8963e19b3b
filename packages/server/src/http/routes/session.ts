import { operatorUpdateSchema, sessionSchema, signInRequestSchema } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { findSession, readSession, signIn, signOut, updateOperator } from '../../trust/index.ts';
import { signedInOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { operatorPolicy, publicPolicy } from '../policy.ts';
import type { SessionCookie } from '../session-cookie.ts';
import { type Api, answers, noContent } from './api.ts';

/** Signing in and out, and what an operator changes about themself. */
export function sessionRoutes(app: Api, deps: HttpDeps, cookie: SessionCookie): void {
  const { control } = deps.stores;
  const tags = ['Session'];

  app.get(
    '/session',
    {
      config: { policy: operatorPolicy },
      schema: { tags, summary: 'Who is signed in, and their workspaces', response: answers(sessionSchema) },
    },
    (request) => {
      const signedIn = signedInOf(request);
      return readSession(control, signedIn.operatorId, { csrfToken: signedIn.csrfToken, version: deps.version });
    },
  );

  app.post(
    '/session',
    {
      config: { policy: publicPolicy },
      schema: { tags, summary: 'Sign in', body: signInRequestSchema, response: answers(sessionSchema) },
    },
    async (request, reply) => {
      const { operatorId, token } = await signIn(
        { control, passwords: deps.passwords, throttle: deps.throttle },
        request.body,
        {
          address: request.ip,
          userAgent: request.headers['user-agent'] ?? '',
        },
      );
      // The session this browser had before, if any, ends: one cookie, one session.
      const old = cookie.read(request);
      const before = old === undefined ? undefined : await findSession(control, old);
      if (before) await signOut(control, before);
      cookie.set(reply, token);
      return readSession(control, operatorId, await sessionViewOf(deps, token));
    },
  );

  app.delete(
    '/session',
    { config: { policy: operatorPolicy }, schema: { tags, summary: 'Sign out', response: noContent } },
    async (request, reply) => {
      await signOut(control, signedInOf(request));
      cookie.clear(reply);
      return reply.code(204).send(null);
    },
  );

  app.patch(
    '/session/operator',
    {
      config: { policy: operatorPolicy },
      schema: {
        tags,
        summary: 'Change name, language, preferences or password',
        description: 'A new password ends all other sessions.',
        body: operatorUpdateSchema,
        response: answers(sessionSchema),
      },
    },
    async (request) => {
      const signedIn = signedInOf(request);
      const guarded = request.body.password !== undefined;
      const account = `operator ${signedIn.operatorId}`;
      if (guarded) await deps.throttle.check(request.ip, account);
      await updateOperator({ control, passwords: deps.passwords }, signedIn, request.body).catch(
        async (error: unknown) => {
          if (guarded) await deps.throttle.failed(request.ip, account);
          throw error;
        },
      );
      return readSession(control, signedIn.operatorId, { csrfToken: signedIn.csrfToken, version: deps.version });
    },
  );
}

export async function sessionViewOf(
  deps: Pick<HttpDeps, 'stores' | 'version'>,
  token: string,
): Promise<{ csrfToken: string; version: string }> {
  const signedIn = await findSession(deps.stores.control, token);
  if (!signedIn) throw new AppError('auth.missing', 'The session ended.');
  return { csrfToken: signedIn.csrfToken, version: deps.version };
}
