import { rm } from 'node:fs/promises';
import type { SetupRequest, SetupState } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import type { ControlSession, ControlStore } from '../storage/control/control-store.ts';
import type { Vault } from '../storage/vault/vault.ts';
import { appendAudit } from './audit.ts';
import { insertWorkspace } from './create-workspace.ts';
import type { Passwords } from './passwords.ts';
import { startSession } from './sessions.ts';
import { forgetSetupToken, isSetupNeeded, isSetupToken, setupTokenFile } from './setup-token.ts';

/** Any constant: only one set-up runs at a time. */
const setupLock = 41_188;

export async function readSetupState(control: ControlSession): Promise<SetupState> {
  const [row] = await control.query<{ has_demo: boolean }>(
    'select exists (select from workspaces where is_demo) as has_demo',
  );
  return { needed: await isSetupNeeded(control), hasDemo: row?.has_demo ?? false };
}

/** Makes the first operator, owner of everything there is, and signs them in. Works once. */
export async function setUp(
  deps: { control: ControlStore; vault: Vault; passwords: Passwords; dataDir: string },
  request: SetupRequest,
  userAgent: string,
): Promise<{ operatorId: number; token: string }> {
  // Looked at before the costly hash, and again inside the transaction that uses it up.
  await checkToken(deps.control, request.token);
  const passwordHash = await deps.passwords.hash(request.password);
  const made = await deps.control.transaction(async (session) => {
    await session.query('select pg_advisory_xact_lock($1)', [setupLock]);
    await checkToken(session, request.token);
    const [operator] = await session.query<{ id: number }>(
      'insert into operators (email, name, password_hash, locale) values ($1, $2, $3, $4) returning id',
      [request.email, request.name, passwordHash, request.locale],
    );
    const operatorId = operator!.id;
    const actor = { kind: 'operator', id: operatorId } as const;
    await session.query(
      "insert into memberships (workspace_id, operator_id, role) select id, $1, 'owner' from workspaces",
      [operatorId],
    );
    await forgetSetupToken(session);
    await appendAudit(session, {
      workspaceId: null,
      actor,
      action: 'installation.set_up',
      target: { kind: 'operator', id: operatorId },
    });
    if (request.workspace) {
      await insertWorkspace(session, deps.vault, { ...request.workspace, locale: request.locale }, actor);
    }
    const { token } = await startSession(session, operatorId, userAgent);
    return { operatorId, token };
  });
  await rm(setupTokenFile(deps.dataDir), { force: true });
  return made;
}

async function checkToken(session: ControlSession, token: string): Promise<void> {
  if (!(await isSetupNeeded(session))) {
    throw new AppError('conflict', 'This installation is set up already.', {
      details: { fix: 'Sign in, or ask an owner to add you as a member.' },
    });
  }
  if (!(await isSetupToken(session, token))) {
    throw new AppError('auth.invalid', 'The set-up token is not right.', {
      details: {
        field: 'token',
        fix: 'Copy it from the last lines of the start-up output or from the file setup-token in the data directory.',
      },
    });
  }
}
