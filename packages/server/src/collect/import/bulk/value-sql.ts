import { literal } from './sql-text.ts';

/** The text of column n, without white space around it; '' where there is none (`\N` is how MySQL writes that). */
export function textSql(column: number | undefined): string {
  if (column === undefined) return `''`;
  return `trimBoth(if(c${column} IS NULL OR c${column} = '\\\\N', '', c${column}))`;
}

/**
 * An instant out of text, as Nullable(DateTime64(3, 'UTC')). What has no year in it and is no Unix time is not guessed at:
 * the engine would take `12` for a day of this month.
 */
export function instantSql(text: string, timeZone: string, dayFirst: boolean): string {
  const parse = dayFirst ? 'parseDateTime64BestEffortOrNull' : 'parseDateTime64BestEffortUSOrNull';
  const plain = `if(NOT isValidASCII(${text}) AND match(${text}, '[年月日时分秒]'), trimBoth(replaceAll(replaceRegexpAll(replaceRegexpAll(replaceRegexpAll(${text}, '[年月]', '-'), '[日秒]', ' '), '[时分]', ':'), ': ', ' ')), ${text})`;
  const looksRight = `match(${text}, '(^|[^0-9])(19|20)[0-9]{2}([^0-9]|$)|^(19|20)[0-9]{6}([^0-9]|$)|^1[0-9]{9}([0-9]{3})?$')`;
  // ISO order needs no help from the option, and the US reading would turn it around in no case.
  return `if(${looksRight}, toTimeZone(${parse}(${plain}, 3, ${literal(timeZone)}), 'UTC'), NULL)`;
}

/** A number out of text, as Nullable(Decimal(18, 4)): `¥1,234.50`, `1.234,50 €`, `(12.00)`. */
export function decimalSql(text: string): string {
  const bare = `replaceRegexpAll(${text}, '[^0-9.,+()-]', '')`;
  const point = `multiIf(
    match(${bare}, ',[0-9]{1,2}\\\\)?$') AND NOT match(${bare}, '\\\\.[0-9]*,.*\\\\.'), replaceAll(replaceAll(${bare}, '.', ''), ',', '.'),
    replaceAll(${bare}, ',', ''))`;
  const signed = `if(match(${text}, '^\\\\(.*\\\\)$'), concat('-', replaceRegexpAll(${point}, '[()]', '')), ${point})`;
  return `if(toDecimal64OrNull(${text}, 4) IS NOT NULL, toDecimal64OrNull(${text}, 4), if(match(${text}, '^[^0-9a-zA-Z]*[A-Za-z]{0,3}[^0-9a-zA-Z]*[0-9]'), toDecimal64OrNull(${signed}, 4), NULL))`;
}

/** `1234.50` is a number as it stands; anything else that became a number was mended. */
export function isMendedNumberSql(text: string): string {
  return `toDecimal64OrNull(${text}, 4) IS NULL`;
}
