import { AppError } from '../domain/app-error.ts';
import { hashToken } from './token.ts';

export interface SignInThrottle {
  /** @throws AppError `overload` when this address or this account failed too often of late. */
  check(address: string, email: string): void;
  failed(address: string, email: string): void;
  succeeded(address: string, email: string): void;
}

const windowMs = 15 * 60_000;
const entriesMax = 20_000;
/** An account may be tried from several addresses; lower would let anyone lock its owner out cheaply. */
const accountFactor = 3;

type Failures = { count: number; until: number };

/** Counts failures per address and per account over a quarter of an hour, in bounded memory, without keeping either in clear. */
export function createSignInThrottle(attemptsMax: number, now: () => number = Date.now): SignInThrottle {
  const failures = new Map<string, Failures>();

  const read = (key: string): Failures | undefined => {
    const entry = failures.get(key);
    if (entry && entry.until <= now()) {
      failures.delete(key);
      return undefined;
    }
    return entry;
  };
  const add = (key: string) => {
    const entry = read(key) ?? { count: 0, until: now() + windowMs };
    failures.delete(key);
    failures.set(key, { count: entry.count + 1, until: entry.until });
    // Oldest first: a map keeps the order of insertion.
    if (failures.size > entriesMax) failures.delete(failures.keys().next().value as string);
  };

  return {
    check(address, email) {
      const limits: [string, number][] = [
        [addressKey(address), attemptsMax],
        [accountKey(email), attemptsMax * accountFactor],
      ];
      for (const [key, max] of limits) {
        const entry = read(key);
        if (entry && entry.count >= max) {
          const retryAfterSeconds = Math.ceil((entry.until - now()) / 1000);
          throw new AppError('overload', 'Too many sign-ins failed.', {
            details: { fix: `Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`, retryAfterSeconds },
          });
        }
      }
    },
    failed(address, email) {
      add(addressKey(address));
      add(accountKey(email));
    },
    succeeded(_address, email) {
      // The address keeps its count: otherwise one known account would buy endless guesses at others.
      failures.delete(accountKey(email));
    },
  };
}

const accountKey = (email: string) => `account:${hashToken(email.trim().toLowerCase()).toString('base64')}`;

/** A household has one IPv6 /64, so the rest of the address says nothing. */
function addressKey(address: string): string {
  const prefix = address.includes(':') && !address.includes('.') ? address.split(':').slice(0, 4).join(':') : address;
  return `address:${hashToken(prefix).toString('base64')}`;
}
