import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { buildSequences, dropLast, leaveLastOut, type NextItems, nextItemsAt, type Sequences } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { EventColumns, numberName } from './event-columns.ts';
import { readLineBatches, readLines, splitCsvLine } from './read-table.ts';

/** What a model may learn from, what it may be chosen by, and what it is measured on. */
export type SequenceTask = {
  readonly train: Sequences;
  readonly validation: NextItems;
  /** For a last fit with the options that were chosen. */
  readonly trainAndValidation: Sequences;
  readonly test: NextItems;
  readonly events: number;
  /** What was held out, and what the order was taken from. */
  readonly protocol: string;
};

const fix =
  'CSV with a header user,item,timestamp, JSON lines with those keys, lines of `user item item …` in time order, or a folder with train_input.txt, val_input.txt and val_output.txt.';
const names = {
  user: ['user', 'user_id', 'userid', 'customer', 'customer_id'],
  item: ['item', 'item_id', 'itemid', 'product', 'product_id'],
  at: ['timestamp', 'time', 'at', 'date', 'occurred_at', 'occurredat'],
};

/** One file, or a folder of the published split with inputs and outputs apart. Everything may be gzip. */
export async function readSequences(source: string): Promise<SequenceTask> {
  if (existsSync(source) && statSync(source).isDirectory()) return readFolder(source);
  const events = await readEvents(source);
  const { users, items, hasTimes } = events;
  const sequences = buildSequences(users.size, items.size, events.columns());
  return {
    ...leaveLastOut(sequences),
    trainAndValidation: dropLast(sequences, (user) => (sizeOf(sequences, user) > 1 ? 1 : 0)),
    events: events.length,
    protocol: `last event of each user for the test, last but one for validation, fitted on the rest; order by ${hasTimes ? 'timestamp' : 'place in the file'}`,
  };
}

async function readEvents(file: string): Promise<EventColumns> {
  const events = new EventColumns();
  let format: 'csv' | 'json' | 'adjacency' | undefined;
  let columns = { user: -1, item: -1, at: -1 };
  let lineNumber = 0;
  for await (const lines of readLineBatches(file)) {
    for (const line of lines) {
      lineNumber++;
      if (line.trim() === '') continue;
      if (!format) {
        format = formatOf(line);
        if (format === 'csv') {
          columns = findColumns(file, splitCsvLine(line));
          continue;
        }
      }
      const where = { file, lineNumber };
      if (format === 'adjacency') addList(events, line, where);
      else if (format === 'json') addEvent(events, pickKeys(where, line), where);
      else addEvent(events, pickCells(cellsOf(line), columns), where);
    }
  }
  if (events.length === 0) {
    throw new AppError('input.invalid', `${file}: has no events`, { details: { field: file, fix } });
  }
  return events;
}

function formatOf(line: string): 'csv' | 'json' | 'adjacency' {
  if (line.trimStart().startsWith('{')) return 'json';
  return line.includes(',') ? 'csv' : 'adjacency';
}

type Where = { readonly file: string; readonly lineNumber: number };

/** Most files have no quotes anywhere: those lines are cut at commas alone. */
function cellsOf(line: string): string[] {
  return line.includes('"') ? splitCsvLine(line) : line.split(',');
}

function addList(events: EventColumns, line: string, where: Where): void {
  const [user = '', ...items] = line.trim().split(/\s+/);
  if (items.length === 0) throw wrongLine(where, 'a line is a user and at least one item, set apart by spaces');
  for (const item of items) events.add(user, item, undefined);
}

type Picked = { user: string | undefined; item: string | undefined; at: string | undefined };

function addEvent(events: EventColumns, { user, item, at }: Picked, where: Where): void {
  if (user === undefined || user.trim() === '') throw wrongLine(where, 'user is empty');
  if (item === undefined || item.trim() === '') throw wrongLine(where, 'item is empty');
  if (events.length > 0 && (at !== undefined) !== events.hasTimes) {
    throw wrongLine(where, 'timestamp must be on every line or on none');
  }
  events.add(user, item, at === undefined ? undefined : parseTime(at, where));
}

/** Numbers as they are (seconds, milliseconds: only the order counts), or dates as JavaScript and ISO 8601 know them. */
function parseTime(text: string, where: Where): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const at = Number.isFinite(number)
    ? number
    : /^\s*\d{4}-\d{2}-\d{2}/.test(text)
      ? Date.parse(text.trim())
      : Number.NaN;
  if (Number.isFinite(at)) return at;
  throw wrongLine(where, `timestamp must be a number or a date such as 2026-01-31T08:30:00Z, got ${text || 'nothing'}`);
}

function findColumns(file: string, header: readonly string[]) {
  const at = (allowed: readonly string[]) => header.findIndex((cell) => allowed.includes(cell.trim().toLowerCase()));
  const columns = { user: at(names.user), item: at(names.item), at: at(names.at) };
  if (columns.user < 0 || columns.item < 0) {
    throw wrongLine({ file, lineNumber: 1 }, `the header must name user and item, got ${header.join(',')}`);
  }
  return columns;
}

function pickCells(cells: readonly string[], columns: { user: number; item: number; at: number }): Picked {
  return {
    user: cells[columns.user],
    item: cells[columns.item],
    at: columns.at < 0 ? undefined : (cells[columns.at] ?? ''),
  };
}

function pickKeys(where: Where, line: string): Picked {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw wrongLine(where, `not a JSON object (${(cause as Error).message})`);
  }
  if (typeof row !== 'object' || row === null) throw wrongLine(where, 'not a JSON object');
  const entries = Object.entries(row);
  const pick = (allowed: readonly string[]) => {
    const found = entries.find(([key]) => allowed.includes(key.toLowerCase()))?.[1];
    return found === undefined || found === null ? undefined : String(found);
  };
  return { user: pick(names.user), item: pick(names.item), at: pick(names.at) };
}

/**
 * `train_input` holds whole sequences without a user, `val_input` and `val_output` the histories and answers of some of them: those are
 * the test here, as in the published figures of that split. A model is chosen by the last training event of others.
 */
async function readFolder(folder: string): Promise<SequenceTask> {
  const items = new Map<string, number>();
  const read = async (name: string) => {
    const file = [`${name}.txt`, `${name}.txt.gz`]
      .map((file) => path.join(folder, file))
      .find((file) => existsSync(file));
    if (!file)
      throw new AppError('input.invalid', `${folder}: has no ${name}.txt`, { details: { field: folder, fix } });
    const lists: number[][] = [];
    for await (const line of readLines(file)) {
      if (line.trim() === '') continue;
      lists.push(
        line
          .trim()
          .split(/\s+/)
          .map((item) => numberName(items, item)),
      );
    }
    return lists;
  };
  const [known, histories, answers] = [await read('train_input'), await read('val_input'), await read('val_output')];
  if (histories.length !== answers.length || answers.some((answer) => answer.length !== 1)) {
    throw new AppError(
      'input.invalid',
      `${folder}: val_output must have one item for each line of val_input, got ${answers.length} lines for ${histories.length}`,
      { details: { field: folder, fix } },
    );
  }
  const whole = listsToSequences(known, items.size);
  const test = listsToSequences(
    histories.map((history, i) => [...history, ...(answers[i] ?? [])]),
    items.size,
  );
  const isHeld = (user: number) => user % heldOutEvery === 0 && sizeOf(whole, user) > 2;
  return {
    train: dropLast(whole, (user) => (isHeld(user) ? 1 : 0)),
    validation: nextItemsAt(whole, (user) => (isHeld(user) ? (whole.offsets[user + 1] ?? 0) - 1 : undefined)),
    trainAndValidation: whole,
    test: nextItemsAt(test, (user) => (test.offsets[user + 1] ?? 0) - 1),
    events: whole.itemOf.length,
    protocol: `val_output of each val_input for the test; the last training event of every ${heldOutEvery}th user for validation; fitted on the rest of train_input`,
  };
}

const heldOutEvery = 3;

function sizeOf({ offsets }: Sequences, user: number): number {
  return (offsets[user + 1] ?? 0) - (offsets[user] ?? 0);
}

function listsToSequences(lists: readonly (readonly number[])[], items: number): Sequences {
  return buildSequences(lists.length, items, {
    user: lists.flatMap((list, user) => list.map(() => user)),
    item: lists.flat(),
  });
}

function wrongLine({ file, lineNumber }: Where, what: string): AppError {
  return new AppError('input.invalid', `${file}, line ${lineNumber}: ${what}`, {
    details: { field: `${file}:${lineNumber}`, fix },
  });
}
