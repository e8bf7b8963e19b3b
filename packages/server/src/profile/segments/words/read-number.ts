import type { ValueTest } from '@zhiyin/contract';
import type { Reader } from './open-reader.ts';

const digitsZh = '零一二三四五六七八九';
const wordsEn = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export const numberPattern = `(?:\\d[\\d,]*(?:\\.\\d+)?\\s*[万千kK]?(?![a-zA-Z])|[一二两三四五六七八九十百千万]+|\\b(?:${wordsEn.join('|')})\\b)`;

/** `1,200`, `2万`, `三十`, `three`. */
export function toNumber(written: string): number {
  const text = written.replaceAll(/[\s,]/g, '').toLowerCase();
  const scale = { 万: 10_000, 千: 1_000, k: 1_000 }[text.at(-1)!];
  if (/^\d/.test(text)) return Number.parseFloat(text) * (scale ?? 1);
  if (wordsEn.includes(text)) return wordsEn.indexOf(text);
  let total = 0;
  let digit = 0;
  for (const character of text.replaceAll('两', '二')) {
    const unit = { 十: 10, 百: 100, 千: 1_000 }[character];
    if (character === '万') total = (total + digit) * 10_000;
    else if (unit) total += (digit || 1) * unit;
    else digit = digitsZh.indexOf(character);
    if (unit || character === '万') digit = 0;
  }
  return total + digit;
}

const before = [
  [
    'at_least',
    '不少于|不低于|不小于|大于等于|至少|最少|起码|满|达到|>=|≥|at least|no less than|no fewer than|not less than',
  ],
  ['at_most', '不超过|不多于|不高于|不大于|小于等于|至多|最多|<=|≤|at most|no more than|not more than|up to'],
  ['more', '超过|多于|大于|高于|>|(?:is |are )?(?:more|greater|higher) than|over|above|exceed(?:s|ed|ing)?'],
  ['less', '少于|小于|低于|不到|不足|<|(?:is |are )?(?:less|fewer|lower) than|under|below'],
  ['is', '恰好|正好|刚好|等于|是|为|只|=|exactly|equals|just|only|is|are'],
] as const;
const beforePattern = before.map(([, words]) => `(${words.replaceAll(/(^|\|)(?=[a-z])/g, '$1\\b')})`).join('|');

/** What numbers count: times, money, or nothing. */
const units = {
  times: '次|回|单|笔|times?|orders?',
  money: '元|块钱|块|人民币|yuan|rmb|cny|usd|dollars?|euros?',
  plain: '%|分|岁|天|days?|points?|years old',
} as const;

type FoundNumber = { readonly test: ValueTest; readonly isPercent: boolean };

/** `超过500元`, `2次以上`, `at least once`, `between 2 and 5 times`; undefined when there is none of this kind. */
export function takeNumber(reader: Reader, kind: 'times' | 'money' | 'plain'): FoundNumber | undefined {
  if (kind === 'times') {
    const once = reader.take(new RegExp(`(?:(?:${beforePattern})\\s*)?\\b(once|twice)\\b`, 'i'));
    if (once) return found(opOf(once), once.at(-1)!.toLowerCase() === 'once' ? 1 : 2);
  }
  const sign = '(?:[￥¥$€]\\s*)';
  const unit = `(?:${units[kind]})`;
  const number = `${sign}?(${numberPattern})`;
  const range =
    reader.take(new RegExp(`between\\s+${number}\\s*(?:to|and)\\s*${number}\\s*(${unit})?`, 'i')) ??
    reader.take(new RegExp(`(?:是|为|在)?${number}\\s*(?:到|至|~|-|to)\\s*${number}\\s*(${unit})(?:之间)?`, 'i'));
  if (range)
    return {
      test: { op: 'between', from: toNumber(range[1]!), to: toNumber(range[2]!) },
      isPercent: range[3] === '%',
    };
  const pattern = new RegExp(
    `(?:(?:${beforePattern})[\\s过了]*)?(${sign})?(${numberPattern})(?:\\s*(or more|\\+)|\\s*(or less|or fewer))?\\s*(${unit})?(?:\\s*(及?或?以上|or more)|\\s*(及?或?以下|以内|or less|or fewer))?`,
    'i',
  );
  const match = reader.rest().match(pattern);
  if (!match) return undefined;
  const [moneySign, written, up, down, unitFound, upAfter, downAfter] = match.slice(before.length + 1);
  const op = opOf(match) ?? ((up ?? upAfter) ? 'at_least' : (down ?? downAfter) ? 'at_most' : undefined);
  const value = toNumber(written!);
  if (!op && !unitFound && !moneySign) return undefined;
  reader.take(pattern);
  return {
    ...found(op, value),
    isPercent: unitFound === '%',
  };
}

const opOf = (match: RegExpMatchArray) => before.find((_, i) => match[i + 1] !== undefined)?.[0];
const found = (op: (typeof before)[number][0] | undefined, value: number): FoundNumber => ({
  test: { op: op ?? 'is', value },
  isPercent: false,
});
