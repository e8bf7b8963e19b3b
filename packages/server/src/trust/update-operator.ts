import type { OperatorUpdate } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import { appendAudit } from './audit.ts';
import type { Passwords } from './passwords.ts';
import { endOtherSessions, type SignedIn } from './sessions.ts';

/** An operator changes themself. A new password ends every other session of theirs. */
export async function updateOperator(
  { control, passwords }: { control: ControlStore; passwords: Passwords },
  signedIn: SignedIn,
  update: OperatorUpdate,
): Promise<void> {
  const passwordHash = update.password ? await changePassword(control, passwords, signedIn, update.password) : null;
  await control.transaction(async (session) => {
    await session.query(
      `update operators set name = coalesce($2, name), locale = coalesce($3, locale),
         preferences = preferences || coalesce($4::jsonb, '{}'), password_hash = coalesce($5, password_hash)
       where id = $1`,
      [
        signedIn.operatorId,
        update.name ?? null,
        update.locale ?? null,
        update.preferences ? JSON.stringify(update.preferences) : null,
        passwordHash,
      ],
    );
    if (passwordHash) await endOtherSessions(session, signedIn.operatorId, signedIn.tokenHash);
    await appendAudit(session, {
      workspaceId: null,
      actor: { kind: 'operator', id: signedIn.operatorId },
      action: passwordHash ? 'operator.change_password' : 'operator.update',
      target: { kind: 'operator', id: signedIn.operatorId },
      details: { fields: Object.keys(update) },
    });
  });
}

async function changePassword(
  control: ControlStore,
  passwords: Passwords,
  signedIn: SignedIn,
  password: { current: string; next: string },
): Promise<string> {
  const [operator] = await control.query<{ password_hash: string }>(
    'select password_hash from operators where id = $1',
    [signedIn.operatorId],
  );
  if (!(await passwords.verify(password.current, operator?.password_hash ?? null))) {
    throw new AppError('input.invalid', 'The current password is not right.', {
      details: { field: 'password.current', fix: 'Type the password with which you signed in.' },
    });
  }
  return passwords.hash(password.next);
}
