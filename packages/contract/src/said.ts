import { z } from 'zod';

/**
 * Sentences that the server says of records, files and mappings, by code. An answer carries the English sentence for who reads the API,
 * and code and values for who says it in another language. Values are never personal: they are measures, names of fields, or what a
 * file has in a cell that is no identifier.
 */
export const saidTexts = {
  // Of a value
  got_nothing: 'nothing',
  got_null: 'null',
  got_list: 'a list of {count}',
  got_object: 'an object',
  got_empty: 'empty text',
  got_text: 'text of {count} characters',

  // Of a record
  not_json: 'the body is not JSON: {error}',
  not_utf8: 'holds bytes that are neither UTF-8 nor GB18030; send UTF-8',
  record_not_object: 'a record must be an object; got {got}',
  record_no_object: 'the record is no object: it can only be discarded or sent again',
  record_count: 'the journal counted {counted} records and the body holds {held}',
  cleaning_failed: 'cleaning failed: {error}',
  rows_failed: 'making rows failed: {error}',
  store_refused: 'the event store did not take its row for {table}: {error}',
  nested_too_deep: 'nested deeper than {most} levels; flatten the properties',
  too_many_fields: 'more than {most} fields; send fewer properties per event',
  too_many_bytes: '{bytes} bytes; an event has at most {most}',
  crawler: 'names a crawler or monitor; its visits are not people',
  loaded_ahead: 'was loaded ahead by the browser, not seen by a person',
  call_type: 'must be identify, track, page, screen, group or alias; got {got}',
  event_name_missing: 'a track call needs the name of what happened; got {got}',
  event_name_long: "an event's name has at most {most} characters; got {got}",
  needs_identity: 'a call needs a userId or an anonymousId',
  means_nobody: 'is a value that means nobody (such as null, guest or -1); send who it was',
  needs_property: '{event} needs {properties}',
  not_object: 'must be an object; got {got}',
  not_list: 'must be a list; got {got}',
  not_number: 'must be a number; got {got}',
  not_text: 'must be text; got {got}',
  not_boolean: 'must be true or false; got {got}',
  not_text_or_number: 'must be text or a number; got {got}',
  not_whole_number: 'must be a whole number of 0 or more',
  too_long: 'has at most {most} characters; got {got}',
  not_instant: 'is no instant such as 2026-01-31T08:00:00Z; got {got}',
  not_day: 'must be a calendar day such as 2026-01-31',
  after_arrival: "lies {minutes} minutes after its arrival; check the sender's clock and time zone",
  too_old: 'is older than the {days} days this workspace accepts',
  not_amount: 'cannot be read as an amount such as 1234.50',
  amount_too_large: 'is too large to be an amount',
  amount_not_exact: 'is larger than any amount that can be kept exactly',
  not_currency: 'must be an ISO 4217 code such as CNY or USD',
  several_currencies: 'the amounts name more than one currency',
  negative: 'is negative; send a return as Order Refunded',
  rating: 'must be a number from 1 to 5; got {got}',
  review_text: 'a review needs its text',
  spend_channel: 'spend needs the media channel it was spent on',
  spend_amount: 'must be an amount of 0 or more; got {got}',
  tried_again: 'tried again: {why}',
  import_not_done: 'import {import} is {state}: its rows can be mended once it is done',
  row_unreadable: 'cannot be read as a row',
  row_still_none: 'still is no row of this file: mend _line until it has every column',
  known_message: 'a message with this id was kept before',
  known_row: 'an equal row was kept before',

  // Of a row of a file
  row_empty: 'is empty',
  row_is: 'is {value}',
  row_no_number: 'is no number: {value}',
  row_no_amount: 'is no amount: {value}',
  row_no_currency: 'is no currency: {value}',
  row_no_time: 'is no date or time: {value}',
  row_in_future: 'lies in the future: {value}',
  row_not_cancelled: 'is {value} in an order that is not cancelled',
  row_too_large_to_count: 'is larger than can be counted',
  row_properties_large: 'has more than 32 kB of properties',
  row_not_json: 'is no JSON object on one line',
  row_more_fields: 'has more fields than the {columns} columns of the header',
  row_fewer_fields: 'has fewer fields than the {columns} columns of the header',
  row_fields: 'has {fields} fields where the header has {columns} columns',
  row_quote: 'has a quote that does not end or does not begin its value',
  row_names_nobody: 'says nothing about who it was: {fields} empty',
  row_nobody: 'the row says nothing about who it is',
  row_placeholder: 'names nobody: a placeholder such as guest or null',

  // Of a mapping, before an import starts
  kind_needed: 'Say what the file holds: {kinds}.',
  no_column: 'The file has no column "{column}". It has: {columns}.',
  no_field: '"{field}" is no field of {kind}. Choose one of: {fields}, * to keep the column, or null to leave it out.',
  filled_twice: '"{field}" is filled by column "{column}" already. Choose another field, * or null.',
  column_needed: 'Say which column holds {field}.',
  column_or_name_needed: 'Say which column holds {field}, or give an event name in the options.',
  identity_needed: 'Say which column tells who it was: one of {fields}.',
  no_time_zone: '"{value}" is no time zone. Write it as Asia/Shanghai.',
  no_currency_code: '"{value}" is no currency. Write it as CNY.',
  first_rows_unreadable: 'The first rows cannot be read as they stand; broken rows will be put into quarantine.',

  // Of an import, worth knowing
  same_file: 'The same file was imported before as import {import}: nothing was added.',
  no_rows: 'The file has a header and no rows.',
  rows_wait: '{count} rows wait in the journal and are being cleaned: data health counts them.',
  orders_in_events:
    'Some rows are orders with amounts. Events make no order lines: import them as orders to count revenue.',

  // Of the rule of a segment, odd and kept
  rule_everybody: 'a group of all conditions without any takes in everybody',
  rule_nobody: 'a group of any condition without any takes in nobody',
  rule_unknown: '"{name}" has not been seen in this brand\'s data',
  rule_unknown_near: '"{name}" has not been seen in this brand\'s data; "{nearest}" has',
  rule_empty_range: 'the range ends before it begins: nothing lies in it',
  rule_empty_window: 'the time ends before it begins: nothing happens in it',
  rule_contradiction: 'contradicts a condition before it: both cannot hold',
  too_few_to_compare: 'one side has fewer than {least} people: too few to compare',
} as const;

export type SaidCode = keyof typeof saidTexts;
export const saidSchema = z.object({
  code: z.string().meta({ description: 'Stable; names the sentence' }),
  values: z.record(z.string(), z.string()),
});
export type Said = z.infer<typeof saidSchema>;
export const saidNoteSchema = saidSchema.extend({ text: z.string() });
export type SaidNote = z.infer<typeof saidNoteSchema>;

/** A sentence made of one of the texts above, and of nothing else. */
export type SaidText = string & { readonly isSaid: true };
type NamesIn<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;
type ValuesOf<Code extends SaidCode> = { readonly [Name in NamesIn<(typeof saidTexts)[Code]>]: string | number };

export function said<Code extends SaidCode>(
  code: Code,
  ...[values]: [NamesIn<(typeof saidTexts)[Code]>] extends [never] ? [] : [ValuesOf<Code>]
): SaidText {
  const given = (values ?? {}) as Readonly<Record<string, string | number>>;
  return saidTexts[code].replace(/\{(\w+)\}/g, (_, name: string) => String(given[name])) as SaidText;
}

/** A sentence with its code and values. */
export function saidNote<Code extends SaidCode>(
  code: Code,
  ...given: [NamesIn<(typeof saidTexts)[Code]>] extends [never] ? [] : [ValuesOf<Code>]
): SaidNote {
  const [values] = given;
  const texts = Object.entries<string | number>(values ?? {}).map(([name, value]) => [name, String(value)] as const);
  return { code, values: Object.fromEntries(texts), text: said(code, ...given) };
}

type Pattern = { readonly code: SaidCode; readonly names: readonly string[]; readonly pattern: RegExp };
let patterns: readonly Pattern[] | undefined;

/** A sentence → its code and values; null for one that is none of ours, such as one of an older version. */
export function explainSaid(text: string): Said | null {
  patterns ??= compilePatterns();
  for (const { code, names, pattern } of patterns) {
    const found = pattern.exec(text);
    if (found) return { code, values: Object.fromEntries(names.map((name, i) => [name, found[i + 1]!])) };
  }
  return null;
}

/** Those that say most in their own words first: `is {value}` fits nearly everything. */
function compilePatterns(): Pattern[] {
  const own = (text: string) => text.replaceAll(/\{\w+\}/g, '').length;
  return Object.entries(saidTexts)
    .toSorted(([, a], [, b]) => own(b) - own(a))
    .map(([code, text]) => ({
      code: code as SaidCode,
      names: [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!),
      pattern: new RegExp(
        `^${text
          .split(/\{\w+\}/)
          .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
          .join('(.*)')}$`,
        's',
      ),
    }));
}
