import { trimText } from './trim-text.ts';

/** NFKC (full-width letters from Chinese input methods), trimmed, lower case. Dots and plus tags stay: they may be other people. */
export function normaliseEmail(value: string): string {
  return trimText(value.normalize('NFKC')).toLowerCase();
}
