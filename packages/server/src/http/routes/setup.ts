import { sessionSchema, setupRequestSchema, setupStateSchema } from '@zhiyin/contract';
import { AppError } from '../../domain/app-error.ts';
import { readSession, readSetupState, setUp } from '../../trust/index.ts';
import type { HttpDeps } from '../deps.ts';
import { publicPolicy } from '../policy.ts';
import type { SessionCookie } from '../session-cookie.ts';
import { type Api, answers } from './api.ts';
import { sessionViewOf } from './session.ts';

/** First run: makes the owner with the one-time token. */
export function setupRoutes(app: Api, deps: HttpDeps, cookie: SessionCookie): void {
  const { control, vault } = deps.stores;

  app.get(
    '/setup',
    {
      config: { policy: publicPolicy },
      schema: {
        tags: ['Session'],
        summary: 'Whether the owner account still has to be made',
        response: answers(setupStateSchema),
      },
    },
    () => readSetupState(control),
  );

  app.post(
    '/setup',
    {
      config: { policy: publicPolicy },
      schema: {
        tags: ['Session'],
        summary: 'Make the owner account and sign in',
        description: 'Needs the token printed at start, which works once.',
        body: setupRequestSchema,
        response: answers(sessionSchema),
      },
    },
    async (request, reply) => {
      // Guessing the token is hopeless, but trying costs as much as a sign-in.
      const account = `set-up from ${request.ip}`;
      await deps.throttle.check(request.ip, account);
      const made = await setUp(
        { control, vault, passwords: deps.passwords, dataDir: deps.dataDir },
        request.body,
        request.headers['user-agent'] ?? '',
      ).catch(async (error: unknown) => {
        if (error instanceof AppError && error.code === 'auth.invalid') await deps.throttle.failed(request.ip, account);
        throw error;
      });
      cookie.set(reply, made.token);
      return readSession(control, made.operatorId, await sessionViewOf(deps, made.token));
    },
  );
}
