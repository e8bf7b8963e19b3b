import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { AppError } from '../domain/app-error.ts';
import { isCommonPassword } from './common-passwords.ts';

export type ScryptCost = { readonly logN: number; readonly r: number; readonly p: number };

/** 128 MiB and about a second of one core: what a guess costs an attacker. */
export const defaultCost: ScryptCost = { logN: 17, r: 8, p: 1 };

export interface Passwords {
  /** @throws AppError `input.invalid` for a password that guessing lists start with. */
  hash(password: string): Promise<string>;
  /** With `null` (no such operator) it takes as long as with a hash, and is false. */
  verify(password: string, stored: string | null): Promise<boolean>;
}

/**
 * Hashing is dear on purpose, so at most `atOnce` run at a time and at most `waitingMax` wait: a flood of sign-ins
 * costs answers with 429, not memory.
 */
export function createPasswords(options: { cost?: ScryptCost; atOnce?: number; waitingMax?: number } = {}): Passwords {
  const cost = options.cost ?? defaultCost;
  const gate = createGate(options.atOnce ?? 2, options.waitingMax ?? 40);
  const derive = (password: string, salt: Buffer, at: ScryptCost) => gate(() => runScrypt(password, salt, at));
  return {
    async hash(password) {
      if (isCommonPassword(password)) {
        throw new AppError('input.invalid', 'This password is one of the first that anyone would try.', {
          details: { field: 'password', fix: 'Use a few words of your own, or let a password manager make one.' },
        });
      }
      const salt = randomBytes(16);
      return formatHash(cost, salt, await derive(password, salt, cost));
    },
    async verify(password, stored) {
      const parsed = stored === null ? null : parseHash(stored);
      const salt = parsed?.salt ?? Buffer.alloc(16);
      const derived = await derive(password, salt, parsed?.cost ?? cost);
      return parsed !== null && timingSafeEqual(derived, parsed.hash);
    },
  };
}

function runScrypt(password: string, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> {
  const N = 2 ** logN;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

const formatHash = (cost: ScryptCost, salt: Buffer, hash: Buffer) =>
  `scrypt$${cost.logN}$${cost.r}$${cost.p}$${salt.toString('base64')}$${hash.toString('base64')}`;

function parseHash(stored: string): { cost: ScryptCost; salt: Buffer; hash: Buffer } | null {
  const [scheme, logN, r, p, salt, hash] = stored.split('$');
  if (scheme !== 'scrypt' || !salt || !hash) return null;
  const bytes = Buffer.from(hash, 'base64');
  if (bytes.length !== 32) return null;
  return { cost: { logN: Number(logN), r: Number(r), p: Number(p) }, salt: Buffer.from(salt, 'base64'), hash: bytes };
}

function createGate(atOnce: number, waitingMax: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) {
        throw new AppError('overload', 'Too many people are signing in at this moment.', {
          details: { fix: 'Try again in a few seconds.', retryAfterSeconds: 5 },
        });
      }
      // The one that finishes hands its place over, so `running` does not change in between.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
