import { callingCodes } from './calling-codes.ts';
import { trimText } from './trim-text.ts';

const digitsMin = 5;

/**
 * E.164: `138 0013 8000` in CN → `+8613800138000`; `0086-138…`, `+86 138…` and `86138…` give the same.
 * Text with fewer than 5 digits is no phone number and stays as it is, trimmed.
 */
export function normalisePhone(value: string, country: string): string {
  const text = trimText(value.normalize('NFKC'));
  const digits = text.replace(/[^0-9]/g, '');
  if (digits.length < digitsMin) return text;
  if (text.startsWith('+') || text.startsWith('(+')) return `+${digits}`;
  if (digits.startsWith('00')) return `+${digits.slice(2)}`;
  const code = callingCodes[country] ?? callingCodes.CN!;
  if (carriesCallingCode(digits, code)) return `+${digits}`;
  return `+${code}${digits.startsWith('0') ? digits.slice(1) : digits}`;
}

/** National numbers of these two have a fixed length, so a calling code in front can be told from the number itself. */
function carriesCallingCode(digits: string, code: string): boolean {
  if (code === '86') return /^86(1[3-9][0-9]{9})$/.test(digits);
  if (code === '1') return /^1[2-9][0-9]{9}$/.test(digits);
  return false;
}
