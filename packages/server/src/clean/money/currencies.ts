const withTwoDecimals =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK ' +
  'DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK ' +
  'LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON ' +
  'RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD ' +
  'YER ZAR ZMW ZWG';
const withoutDecimals = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const withThreeDecimals = 'BHD IQD JOD KWD LYD OMR TND';
const withFourDecimals = 'CLF UYW';

/** ISO 4217: currency → digits of its minor unit. */
export const currencyExponents: ReadonlyMap<string, number> = new Map([
  ...withTwoDecimals.split(' ').map((code) => [code, 2] as const),
  ...withoutDecimals.split(' ').map((code) => [code, 0] as const),
  ...withThreeDecimals.split(' ').map((code) => [code, 3] as const),
  ...withFourDecimals.split(' ').map((code) => [code, 4] as const),
]);

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
