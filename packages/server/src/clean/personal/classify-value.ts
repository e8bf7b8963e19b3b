import type { Json } from '../../domain/events.ts';
import { isBankCard } from '../../domain/is-bank-card.ts';
import { isChineseId } from '../../domain/is-chinese-id.ts';
import { isIdLike, type PersonalClass } from './classify-name.ts';

const email = /^[^\s@,;:"<>()]{1,64}@[^\s@,;:"<>()]{1,190}\.[\p{L}\d-]{2,63}$/u;
const chineseMobile = /^(?:(?:\+|00)?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}$/;
const internationalPhone = /^\+\d[\d\s()-]{7,20}$/;

/** What a whole value is, whatever its property is called. @param name tells only whether long numbers are to be expected. */
export function classifyValue(value: Json, name: string): PersonalClass {
  const text = typeof value === 'number' ? (Number.isInteger(value) && value > 1e10 ? String(value) : '') : value;
  if (typeof text !== 'string' || text.length < 5 || text.length > 254) return 'none';
  if (text.includes('@')) return email.test(text.trim()) ? 'email' : 'none';
  const first = text.charCodeAt(0);
  // Digits or a plus sign begin every number there is to find.
  if (!((first >= 48 && first <= 57) || first === 43)) return 'none';
  const trimmed = text.trim();
  if (isChineseId(trimmed)) return 'chinese_id';
  if (isIdLike(name)) return 'none';
  if (chineseMobile.test(trimmed)) return 'phone';
  if (internationalPhone.test(trimmed)) return 'phone';
  return typeof value === 'string' && isBankCard(trimmed) ? 'bank_card' : 'none';
}
