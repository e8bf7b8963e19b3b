/**
 * Rows from JSONCompactEachRowWithNamesAndTypes. 64-bit integers must become text, or JavaScript rounds them. The engine can
 * quote them, but it then also quotes every whole number inside JSON columns, where a number must stay a number. So questions
 * that may return a JSON column come unquoted, and the columns' own types say what becomes text here.
 */
export type RowDecoder<Row> = (line: string) => Row | undefined;

const jsonColumns = /\b(properties|context|attributes)\b|\*/;

/** Whether an answer may hold a JSON column, judged by the question's text. Saying yes too often costs a little time only. */
export const mayHoldJson = (sql: string): boolean => jsonColumns.test(sql);

/** A decoder for one answer, fed line by line: names, types, then rows. */
export function rowDecoder<Row>(exact: boolean): RowDecoder<Row> {
  let names: string[] | undefined;
  let wide: boolean[] | undefined;
  return (line) => {
    if (line === '') return undefined;
    if (!names) {
      names = JSON.parse(line) as string[];
      return undefined;
    }
    if (!wide) {
      wide = (JSON.parse(line) as string[]).map((type) => exact && isWide(type));
      return undefined;
    }
    const values = (exact ? parseExactly(line) : JSON.parse(line)) as unknown[];
    const row: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) {
      row[names[index] as string] = wide[index] ? numbersToText(values[index]) : values[index];
    }
    return row as Row;
  };
}

const isWide = (type: string): boolean => /Int(64|128|256)\b/.test(type) && !/\b(JSON|Dynamic|Variant)\b/.test(type);

/** Whole numbers beyond 2^53 keep their digits, as text. */
function parseExactly(line: string): unknown {
  if (!/\d{16}/.test(line)) return JSON.parse(line);
  return JSON.parse(line, (_, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? context?.source
      : value,
  );
}

function numbersToText(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(numbersToText);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, numbersToText(inner)]));
  }
  return value;
}
