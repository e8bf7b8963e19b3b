import { literal } from './sql-text.ts';

/** Cheap and true for whatever one of the patterns below could match: most text stops here. */
const mayHold = '@|＠|%40|[0-9][0-9 -]{8}';

const email = '[\\p{L}\\p{N}._%+-]{1,64}(?:@|＠|%40)[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63})+';
// RE2 looks neither back nor ahead: what stands in front is caught and put back.
const others: readonly (readonly [pattern: string, mark: string])[] = [
  [
    '(^|[^0-9A-Za-z_-])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]\\b',
    '[id]',
  ],
  ['(^|[^0-9A-Za-z_-])(?:62[0-9]{14,17}|[3-6][0-9]{3}(?:[ -][0-9]{4}){3}(?:[ -][0-9]{1,3})?)\\b', '[card]'],
  ['(^|[^0-9A-Za-z_.-])(?:(?:\\+|00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}\\b', '[phone]'],
  ['(^|[^0-9A-Za-z_])\\+[0-9]{1,3}[ -]?(?:\\([0-9]{1,4}\\)[ -]?)?[0-9]{2,4}(?:[ -]?[0-9]{2,4}){2,3}\\b', '[phone]'],
];

/** Free text with direct identifiers replaced by what they were, as cleaning does with events that come one by one. */
export function maskSql(text: string): string {
  const masked = others.reduce(
    (sql, [pattern, mark]) => `replaceRegexpAll(${sql}, ${literal(pattern)}, ${literal(`\\1${mark}`)})`,
    replaceEmails(text),
  );
  return `if(match(${text}, ${literal(mayHold)}), ${masked}, ${text})`;
}

/** For addresses of pages and for numbers of things, whose digits must stay. */
export function maskEmailsSql(text: string): string {
  return `if(match(${text}, '@|＠|%40'), ${replaceEmails(text)}, ${text})`;
}

const replaceEmails = (text: string) => `replaceRegexpAll(${text}, ${literal(email)}, '[email]')`;

const numberOfThing =
  /(?:^|[_\-. ])(?:id|ids|key|sku|token|uuid|hash|code|number|no|ean|gtin|isbn|barcode)$|(?:Id|Key|No)$|号$|编号$|编码$|url$|referrer$/iu;

/** The value of a column kept under its own name: a column that numbers things keeps its digits. */
export function maskColumnSql(header: string, text: string): string {
  return numberOfThing.test(header) ? maskEmailsSql(text) : maskSql(text);
}
