import { AppError } from '../domain/app-error.ts';
import type { ControlStore } from '../storage/control/control-store.ts';
import { hashToken } from './token.ts';

export interface SignInThrottle {
  /** @throws AppError `overload` when this address or this account failed too often of late. */
  check(address: string, email: string): Promise<void>;
  failed(address: string, email: string): Promise<void>;
  succeeded(address: string, email: string): Promise<void>;
}

const windowMinutes = 15;
/** An account may be tried from several addresses; lower would let anyone lock its owner out cheaply. */
const accountFactor = 3;
const removedAtOnceMax = 1_000;

type Failures = { key: string; failures: number; seconds: number };

/**
 * Counts failures per address and per account over a quarter of an hour, without keeping either in clear. The count is in the control
 * store and by its clock, so that several server processes have one.
 */
export function createSignInThrottle(control: ControlStore, attemptsMax: number): SignInThrottle {
  return {
    async check(address, email) {
      const limits = new Map([
        [addressKey(address), attemptsMax],
        [accountKey(email), attemptsMax * accountFactor],
      ]);
      const known = await control.query<Failures>(
        `select key, failures, ceil(extract(epoch from until - now()))::integer as seconds
         from sign_in_failures where key = any($1) and until > now()`,
        [[...limits.keys()]],
      );
      const reached = known.filter(({ key, failures }) => failures >= limits.get(key)!);
      if (reached.length === 0) return;
      const retryAfterSeconds = Math.max(1, ...reached.map(({ seconds }) => seconds));
      throw new AppError('overload', 'Too many sign-ins failed.', {
        details: { fix: `Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`, retryAfterSeconds },
      });
    },
    async failed(address, email) {
      // Sorted: two that fail at once take the rows in one order.
      await control.query(
        `insert into sign_in_failures as known (key, failures, until)
         select key, 1, now() + make_interval(mins => $2) from unnest($1::text[]) as failed (key) order by key
         on conflict (key) do update set
           failures = case when known.until > now() then known.failures + 1 else 1 end,
           until = case when known.until > now() then known.until else excluded.until end`,
        [[addressKey(address), accountKey(email)], windowMinutes],
      );
      await control.query(
        `delete from sign_in_failures where key in (
           select key from sign_in_failures where until <= now() limit ${removedAtOnceMax} for update skip locked)`,
      );
    },
    async succeeded(_address, email) {
      // The address keeps its count: otherwise one known account would buy endless guesses at others.
      await control.query('delete from sign_in_failures where key = $1', [accountKey(email)]);
    },
  };
}

const accountKey = (email: string) => `account:${hashToken(email.trim().toLowerCase()).toString('base64')}`;

/** A household has one IPv6 /64, so the rest of the address says nothing. */
function addressKey(address: string): string {
  const prefix = address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address;
  return `address:${hashToken(prefix).toString('base64')}`;
}
