import { normaliseEmail } from './normalise-email.ts';
import { normalisePhone } from './normalise-phone.ts';
import { computeSurrogate } from './surrogate.ts';
import type { VaultContext } from './workspace-vault.ts';

/** Fields by which a person can be found, and how their values are compared. */
export const indexedFields: ReadonlyMap<string, 'email' | 'phone' | 'name'> = new Map([
  ['email', 'email'],
  ['phone', 'phone'],
  ['mobile', 'phone'],
  ['name', 'name'],
  ['first_name', 'name'],
  ['last_name', 'name'],
]);

/** Keyed hash of a value, so that it can be looked up but not read. */
export function blindHash(context: VaultContext, field: string, value: string): string {
  return blindHashOf(context, indexedFields.get(field) ?? 'name', value);
}

/** The three ways in which a search text may have been written down. */
export function blindHashes(context: VaultContext, text: string): string[] {
  return (['email', 'phone', 'name'] as const).map((compared) => blindHashOf(context, compared, text));
}

function blindHashOf(context: VaultContext, compared: 'email' | 'phone' | 'name', value: string): string {
  return computeSurrogate(context.keys.index, compared, normalise(compared, value, context.phoneCountry));
}

function normalise(compared: 'email' | 'phone' | 'name', value: string, phoneCountry: string): string {
  if (compared === 'email') return normaliseEmail(value);
  if (compared === 'phone') return normalisePhone(value, phoneCountry);
  return value.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}
