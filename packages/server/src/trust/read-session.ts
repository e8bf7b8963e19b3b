import { type Role, roleScopes, type Session } from '@zhiyin/contract';
import { AppError } from '../domain/app-error.ts';
import type { ControlSession } from '../storage/control/control-store.ts';

type OperatorRow = {
  id: number;
  email: string;
  name: string;
  locale: Session['operator']['locale'];
  preferences: Session['operator']['preferences'];
};
type WorkspaceRow = { id: number; name: string; role: Role; time_zone: string; currency: string; is_demo: boolean };

/** What the console needs to know at start: who I am, where I may go, what I may do there. */
export async function readSession(
  control: ControlSession,
  operatorId: number,
  { csrfToken, version }: { csrfToken: string; version: string },
): Promise<Session> {
  const [operator] = await control.query<OperatorRow>(
    'select id, email, name, locale, preferences from operators where id = $1',
    [operatorId],
  );
  if (!operator) throw new AppError('auth.missing', 'Nobody is signed in.');
  const workspaces = await control.query<WorkspaceRow>(
    `select w.id, w.name, m.role, w.time_zone, w.currency, w.is_demo
     from memberships m join workspaces w on w.id = m.workspace_id
     where m.operator_id = $1 order by w.is_demo, w.id`,
    [operatorId],
  );
  return {
    operator,
    workspaces: workspaces.map((row) => ({
      id: row.id,
      name: row.name,
      role: row.role,
      scopes: [...roleScopes[row.role]],
      timeZone: row.time_zone,
      currency: row.currency,
      isDemo: row.is_demo,
    })),
    csrfToken,
    version,
  };
}
