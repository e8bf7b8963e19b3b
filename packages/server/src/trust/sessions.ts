import type { Locale } from '@zhiyin/contract';
import type { ControlSession } from '../storage/control/control-store.ts';
import { hashToken, newToken } from './token.ts';

export const sessionDays = 14;

/** Who a session cookie belongs to. */
export type SignedIn = {
  readonly operatorId: number;
  readonly tokenHash: Buffer;
  readonly csrfToken: string;
  readonly locale: Locale;
};

export async function startSession(
  session: ControlSession,
  operatorId: number,
  userAgent: string,
): Promise<{ token: string; csrfToken: string }> {
  const token = newToken();
  const csrfToken = newToken();
  await session.query(
    `insert into sessions (token_hash, operator_id, csrf_token, user_agent, expires_at)
     values ($1, $2, $3, $4, now() + make_interval(days => ${sessionDays}))`,
    [hashToken(token), operatorId, csrfToken, userAgent.slice(0, 300)],
  );
  // The only moment at which old ones are in nobody's way.
  await session.query('delete from sessions where expires_at < now()');
  return { token, csrfToken };
}

/** Looks the session up on every request, so that ending one, or disabling its operator, works at once everywhere. */
export async function findSession(control: ControlSession, token: string): Promise<SignedIn | undefined> {
  if (token.length > 100) return undefined;
  const tokenHash = hashToken(token);
  const [row] = await control.query<{ operator_id: number; csrf_token: string; locale: Locale; stale: boolean }>(
    `select s.operator_id, s.csrf_token, o.locale, s.last_seen_at < now() - interval '1 minute' as stale
     from sessions s join operators o on o.id = s.operator_id
     where s.token_hash = $1 and s.expires_at > now() and o.disabled_at is null`,
    [tokenHash],
  );
  if (!row) return undefined;
  if (row.stale) await slideSession(control, tokenHash);
  return { operatorId: row.operator_id, tokenHash, csrfToken: row.csrf_token, locale: row.locale };
}

/** At most once a minute, so that reading a page does not write for every request. */
async function slideSession(control: ControlSession, tokenHash: Buffer): Promise<void> {
  await control.query(
    `update sessions set last_seen_at = now(), expires_at = now() + make_interval(days => ${sessionDays}) where token_hash = $1`,
    [tokenHash],
  );
}

export async function endSession(session: ControlSession, tokenHash: Buffer): Promise<void> {
  await session.query('delete from sessions where token_hash = $1', [tokenHash]);
}

export async function endOtherSessions(session: ControlSession, operatorId: number, keep: Buffer): Promise<void> {
  await session.query('delete from sessions where operator_id = $1 and token_hash <> $2', [operatorId, keep]);
}
