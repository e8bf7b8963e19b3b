import { isBankCard } from '../../domain/is-bank-card.ts';
import { isChineseId } from '../../domain/is-chinese-id.ts';

const mayHold = /@|＠|%40|\d[\d\s-]{8}/i;
const email = /[\p{L}\p{N}._%+-]{1,64}(?:@|＠|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/giu;
const longNumber = /(?<![\dA-Za-z_-])\d[\d -]{11,22}[\dXx](?![\dA-Za-z_])/g;
const chineseMobile = /(?<![\dA-Za-z_.-])(?:(?:\+|00)?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?![\dA-Za-z_])/g;
const internationalPhone = /(?<![\dA-Za-z_])\+\d{1,3}[\s-]?(?:\(\d{1,4}\)[\s-]?)?\d{2,4}(?:[\s-]?\d{2,4}){2,3}(?!\d)/g;

/** False for nearly every text, found out faster than masking it: nothing that is masked is shorter or has none of these. */
export const mayHoldPersonalData = (text: string): boolean => text.length >= 5 && mayHold.test(text);

/** Free text with direct identifiers replaced by what they were: `[email]`, `[phone]`, `[id]`, `[card]`. */
export function maskText(text: string): string {
  if (!mayHoldPersonalData(text)) return text;
  return maskEmails(text)
    .replace(longNumber, (found) => {
      const digits = found.replace(/[\s-]/g, '');
      if (isChineseId(digits)) return '[id]';
      return isBankCard(digits) ? '[card]' : found;
    })
    .replace(chineseMobile, '[phone]')
    .replace(internationalPhone, '[phone]');
}

/** For addresses of pages, whose other numbers (orders, products) must stay. */
export function maskEmails(text: string): string {
  return text.includes('@') || text.includes('＠') || text.includes('%40') ? text.replace(email, '[email]') : text;
}
