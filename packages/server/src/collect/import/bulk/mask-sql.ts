import { type ImportPlan, keptColumns } from '../import-plan.ts';
import { isPersonalHeader } from '../is-personal-header.ts';
import type { SourceSql } from './source-sql.ts';
import { literal } from './sql-text.ts';

/** What each of the numbers below begins with or holds. */
const digits = '[0-9][0-9 -]{8}';

// Without bounds: counted classes of this size make the engine's matcher several times slower.
const email = '[\\p{L}\\p{N}._%+-]+(?:@|＠|%40)[\\p{L}\\p{N}-]+(?:\\.[\\p{L}\\p{N}-]+)+';
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

/** Patterns go along as parameters: a file of hundreds of columns would make a statement too long with them in it. */
export const maskParameters: Readonly<Record<string, string>> = {
  maskDigits: digits,
  maskEmail: email,
  ...Object.fromEntries(others.map(([pattern], index) => [`mask${index}`, pattern])),
};

/** Free text with direct identifiers replaced by what they were, as cleaning does with events that come one by one. */
export function maskSql(text: string): string {
  const masked = others.reduce(
    (sql, [, mark], index) => `replaceRegexpAll(${sql}, {mask${index}:String}, ${literal(`\\1${mark}`)})`,
    replaceEmails(text),
  );
  return `if(${mayHoldEmail(text)} OR match(${text}, {maskDigits:String}), ${masked}, ${text})`;
}

/** For addresses of pages and for numbers of things, whose digits must stay. */
export function maskEmailsSql(text: string): string {
  return `if(${mayHoldEmail(text)}, ${replaceEmails(text)}, ${text})`;
}

/** Cheap, and true for whatever the pattern could match: most text stops here. Searches are ten times as fast as a pattern of them. */
const mayHoldEmail = (text: string) =>
  `position(${text}, '@') + position(${text}, '＠') + position(${text}, '%40') > 0`;

const replaceEmails = (text: string) => `replaceRegexpAll(${text}, {maskEmail:String}, '[email]')`;

const numberOfThing =
  /(?:^|[_\-. ])(?:id|ids|key|sku|token|uuid|hash|code|number|no|ean|gtin|isbn|barcode)$|(?:Id|Key|No)$|号$|编号$|编码$|url$|referrer$/iu;

type Part = { readonly name: string; readonly sql: string };

/**
 * Parts of a JSON object (each `,"name":value` or nothing) put together beside the columns of the source, as `free_others` and
 * `free_numbers`. Masked as whole texts, so that hundreds of columns cost no more than one.
 */
export function withFreeText(source: SourceSql, parts: readonly Part[]): SourceSql {
  const together = (chosen: readonly Part[]) => `concat('', ${chosen.map(({ sql }) => `${sql}, `).join('')}'')`;
  const [numbers, others] = [true, false].map((wanted) => parts.filter(({ name }) => isNumberOfThing(name) === wanted));
  return {
    ...source,
    from: `(SELECT *, ${together(others ?? [])} AS free_others, ${together(numbers ?? [])} AS free_numbers FROM ${source.from})`,
  };
}

/** An object of them and of `own` parts. What could be a phone number must be in quotes, unless its column numbers things. */
export function maskedObjectSql(own: readonly string[]): string {
  return `concat('{', substring(concat(${['', ...own, maskSql('free_others'), maskEmailsSql('free_numbers')].map((part) => part || `''`).join(', ')}), 2), '}')`;
}

export const isNumberOfThing = (header: string): boolean => numberOfThing.test(header);

export const harmlessColumns = (plan: ImportPlan) => keptColumns(plan).filter(({ name }) => !isPersonalHeader(name));
