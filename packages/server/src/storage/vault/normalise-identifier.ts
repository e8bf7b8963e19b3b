import type { IdentityKind } from '../../domain/identity.ts';
import { normaliseEmail } from './normalise-email.ts';
import { normalisePhone } from './normalise-phone.ts';
import { trimText } from './trim-text.ts';

/** One spelling per identifier: what surrogates are made from. */
export function normaliseIdentifier(kind: IdentityKind, value: string, phoneCountry: string): string {
  if (kind === 'email') return normaliseEmail(value);
  if (kind === 'phone') return normalisePhone(value, phoneCountry);
  return trimText(value);
}
