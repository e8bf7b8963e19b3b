import { currencyExponents } from '../../domain/currencies.ts';

const written: ReadonlyMap<string, string> = new Map([
  ['RMB', 'CNY'],
  ['CNH', 'CNY'],
  ['CN¥', 'CNY'],
  ['元', 'CNY'],
  ['人民币', 'CNY'],
  ['人民幣', 'CNY'],
  ['圆', 'CNY'],
  ['美元', 'USD'],
  ['US$', 'USD'],
  ['港币', 'HKD'],
  ['港元', 'HKD'],
  ['HK$', 'HKD'],
  ['新台币', 'TWD'],
  ['NT$', 'TWD'],
  ['欧元', 'EUR'],
  ['€', 'EUR'],
  ['英镑', 'GBP'],
  ['£', 'GBP'],
  ['日元', 'JPY'],
  ['円', 'JPY'],
  ['JP¥', 'JPY'],
  ['₩', 'KRW'],
  ['₹', 'INR'],
  ['₽', 'RUB'],
  ['฿', 'THB'],
  ['₫', 'VND'],
  ['₱', 'PHP'],
  ['R$', 'BRL'],
  ['A$', 'AUD'],
  ['C$', 'CAD'],
  ['S$', 'SGD'],
]);

/** Signs that several currencies share: the workspace's own decides when it is one of them. */
const shared: ReadonlyMap<string, readonly string[]> = new Map([
  ['¥', ['CNY', 'JPY']],
  ['$', ['USD', 'AUD', 'CAD', 'HKD', 'SGD', 'TWD', 'NZD', 'MXN']],
  ['KR', ['SEK', 'NOK', 'DKK', 'ISK']],
]);

/** `CNY` from `cny`, `RMB`, `￥`, `元`; undefined when it is no currency. */
export function findCurrency(text: string, ownCurrency: string): string | undefined {
  const code = text.normalize('NFKC').trim().toUpperCase();
  if (currencyExponents.has(code)) return code;
  const candidates = shared.get(code);
  if (candidates) return candidates.includes(ownCurrency) ? ownCurrency : candidates[0];
  return written.get(code);
}
