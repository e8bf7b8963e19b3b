import type { SignInRequest } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import { appendAudit } from './audit.ts';
import type { Passwords } from './passwords.ts';
import { endSession, type SignedIn, startSession } from './sessions.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

export type SignInContext = { readonly address: string; readonly userAgent: string };

/** One answer for an unknown e-mail and for a wrong password, after the same work, so that nobody learns who has an account. */
export async function signIn(
  { control, passwords, throttle }: { control: ControlStore; passwords: Passwords; throttle: SignInThrottle },
  request: SignInRequest,
  { address, userAgent }: SignInContext,
): Promise<{ operatorId: number; token: string }> {
  await throttle.check(address, request.email);
  const [operator] = await control.query<{ id: number; password_hash: string; disabled_at: Date | null }>(
    'select id, password_hash, disabled_at from operators where lower(email) = lower($1)',
    [request.email],
  );
  const matches = await passwords.verify(request.password, operator?.password_hash ?? null);
  if (!operator || !matches || operator.disabled_at !== null) {
    await throttle.failed(address, request.email);
    if (operator) {
      await control.transaction((session) =>
        appendAudit(session, {
          workspaceId: null,
          actor: { kind: 'operator', id: operator.id },
          action: 'session.refuse',
          target: { kind: 'operator', id: operator.id },
        }),
      );
    }
    throw new AppError('auth.invalid', 'The e-mail or the password is not right.', {
      details: {
        field: 'password',
        fix: 'Check both. An owner can remove and add you again to get a new first password.',
      },
    });
  }
  await throttle.succeeded(address, request.email);
  const { token } = await control.transaction(async (session) => {
    await appendAudit(session, {
      workspaceId: null,
      actor: { kind: 'operator', id: operator.id },
      action: 'session.start',
      target: { kind: 'operator', id: operator.id },
    });
    return startSession(session, operator.id, userAgent);
  });
  return { operatorId: operator.id, token };
}

export async function signOut(control: ControlStore, { operatorId, tokenHash }: SignedIn): Promise<void> {
  await control.transaction(async (session) => {
    await endSession(session, tokenHash);
    await appendAudit(session, {
      workspaceId: null,
      actor: { kind: 'operator', id: operatorId },
      action: 'session.end',
      target: { kind: 'operator', id: operatorId },
    });
  });
}
