import { isBankCard } from '../../domain/is-bank-card.ts';
import { isChineseId } from '../../domain/is-chinese-id.ts';

export type PersonalKind = 'TEXT' | 'EMAIL' | 'ID' | 'CARD' | 'PHONE' | 'ADDRESS' | 'ORDER' | 'NUMBER' | 'KNOWN';
export type PersonalSpan = { readonly from: number; readonly to: number; readonly kind: PersonalKind };

/** What a placeholder looks like, also when a model changed its case or spaced it out. */
export const placeholderPattern = /\[\[\s{0,3}([A-Z]{1,10})_(\d{1,6})\s{0,3}\]\]/gi;

const han = '\\p{Script=Han}';
const email = /[\p{L}\p{N}._%+-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/giu;
const longNumber = /(?<!\d)\d(?:[ -]?\d){11,21}[ -]?[\dXx](?!\d)/g;
const mobile = /(?<!\d)(?:(?:\+|00)?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/g;
const landline = /(?<!\d)(?:\(0\d{2,3}\)|0\d{2,3}[\s-])[\s-]?\d{7,8}(?:[\s-]\d{1,6})?(?!\d)/g;
const international = /(?<![\d\p{L}])\+\d{1,3}[\s-]?(?:\(\d{1,4}\)[\s-]?)?\d{2,4}(?:[\s.-]?\d{2,4}){2,3}(?!\d)/gu;
const plainPhone = /(?<!\d)(?:\(\d{3}\)\s?|\d{3}[-.])\d{3}[-.]\d{4}(?!\d)/g;
/** 浙江省杭州市西湖区文三路 12 号 3 幢 201 室: places down to a road with a number, or a building below it. */
const chineseAddress = new RegExp(
  `(?:${han}{1,12}[省市区县镇乡州盟旗])?${han}{1,12}(?:路|街|道|巷|弄|同|村|区|园|寓)${han}{0,6}\\s?\\d{1,5}(?:-\\d{1,4})?\\s?(?:号院|号楼|号|弄|栋|幢|座)(?:[^\\S\\n]?[\\d\\-A-Za-z甲乙丙丁]{1,6}[^\\S\\n]?(?:号楼|号|楼|单元|栋|幢|座|层|室|门)){0,4}`,
  'gu',
);
const englishAddress =
  /\b\d{1,6}\s{1,3}(?:[A-Z][\p{L}'.]{0,30}\s{1,3}){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Square|Sq|Terrace|Place|Pl)\b\.?(?:,?\s{1,3}(?:Apt|Apartment|Suite|Unit|Flat|#)\.?\s?[\w-]{1,8})?/gu;
const order =
  /(?:订单(?:编号|号码|号)?|单号|运单号?|快递单号|\border(?:\s?(?:no|number|id|ref))?\.?|\btracking(?:\s?(?:no|number))?\.?)\s?(?:[:：#是为=]|is)?\s?#?\s?([A-Za-z0-9](?:[A-Za-z0-9]|[-_](?=[A-Za-z0-9])){4,39})/gi;
/** Nine digits in a row are somebody's number or a document's; prices and counts are shorter. */
const anyNumber = /(?<![\d.])\d{9,}/g;

/**
 * Where personal data stands in a text: spans that do not overlap, in their order. Full-width letters and digits are read as their
 * plain forms. What looks like a placeholder already is a span too, so that putting values back can never take it for one of ours.
 * @param known values known to be personal whatever they look like, such as a name out of the vault.
 */
export function findPersonal(text: string, known: readonly string[] = []): PersonalSpan[] {
  const plain = toPlainWidth(text);
  const spans: PersonalSpan[] = [];
  const add = (kind: PersonalKind, from: number, to: number) => {
    if (to > from) spans.push({ kind, from, to });
  };
  const each = (kind: PersonalKind, pattern: RegExp, judge: (found: string) => boolean = () => true) => {
    for (const match of plain.matchAll(pattern))
      if (judge(match[0])) add(kind, match.index, match.index + match[0].length);
  };
  each('TEXT', placeholderPattern);
  for (const value of known) {
    if (value.trim().length < 2) continue;
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length))
      add('KNOWN', at, at + value.length);
  }
  each('EMAIL', email);
  each('ID', longNumber, (found) => isChineseId(found.replaceAll(/[ -]/g, '')));
  each('CARD', longNumber, isBankCard);
  each('PHONE', mobile);
  each('PHONE', landline);
  each('PHONE', international);
  each('PHONE', plainPhone);
  each('ADDRESS', chineseAddress);
  each('ADDRESS', englishAddress);
  for (const match of plain.matchAll(order)) {
    if (/\d{3}/.test(match[1]!.replaceAll(/[-_]/g, '')))
      add('ORDER', match.index + match[0].length - match[1]!.length, match.index + match[0].length);
  }
  each('NUMBER', anyNumber);
  return withoutOverlaps(spans);
}

/** Overlapping spans become one, of the kind that was looked for first: no part of any of them is left over. */
function withoutOverlaps(spans: readonly PersonalSpan[]): PersonalSpan[] {
  const ranked = spans.map((span, rank) => ({ ...span, rank })).toSorted((a, b) => a.from - b.from || b.to - a.to);
  const merged: { from: number; to: number; kind: PersonalKind; rank: number }[] = [];
  for (const span of ranked) {
    const last = merged.at(-1);
    if (last && span.from < last.to) {
      last.to = Math.max(last.to, span.to);
      if (span.rank < last.rank) Object.assign(last, { kind: span.kind, rank: span.rank });
    } else merged.push({ ...span });
  }
  return merged.map(({ from, to, kind }) => ({ from, to, kind }));
}

/** One character for one, so that places stay the same: ＡＢ１２＠ → AB12@. */
const toPlainWidth = (text: string): string =>
  text.replaceAll(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0));
