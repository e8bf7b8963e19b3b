import { AppError } from '../../domain/app-error.ts';
import { numberName } from './event-columns.ts';
import { readLineBatches, splitCsvLine } from './read-table.ts';

/** Names of users or items in the order in which they first appeared. */
export type Names = Map<string, number>;

/** Who took what, by number; `at` (seconds) only where every row has a timestamp. */
export type NumberedPairs = {
  readonly user: Uint32Array;
  readonly item: Uint32Array;
  readonly value: Float32Array;
  readonly at?: Float64Array;
  /** Rows with a rating of 0 or less: not a taste, left out. */
  readonly notLiked: number;
  readonly hasRatings: boolean;
};

/**
 * CSV with a header (user,item[,rating][,timestamp]) or JSON lines with those keys, or adjacency lists `user item item …` without
 * a header. Ids may be any text (in adjacency lists: without blanks). The same `users` and `items` are passed for train and test
 * so that they number alike. Read as a stream: memory is 20 bytes a pair and the names once.
 */
export async function readInteractions(path: string, users: Names, items: Names): Promise<NumberedPairs> {
  const pairs = createPairs();
  let readRow: RowReader | undefined;
  let lineNumber = 0;
  const add: AddPair = (user, item, rating, at) =>
    pairs.add(numberName(users, user), numberName(items, item), rating, at);
  for await (const lines of readLineBatches(path)) {
    for (const line of lines) {
      lineNumber++;
      if (isBlank(line)) continue;
      if (readRow === undefined) {
        const format = findFormat(line);
        readRow = readerOf(format, path, line);
        if (format === 'csv') continue;
      }
      readRow(line, lineNumber, add);
    }
  }
  if (lineNumber === 0 || pairs.rows() === 0) {
    throw new AppError('input.invalid', `${path}: has no rows`, {
      details: { field: path, fix: 'Give a file with at least one user,item pair.' },
    });
  }
  return pairs.finish(path);
}

type AddPair = (user: string, item: string, rating: number | undefined, at: number | undefined) => void;
type RowReader = (line: string, lineNumber: number, add: AddPair) => void;

function findFormat(line: string): 'csv' | 'json' | 'adjacency' {
  if (line.startsWith('{')) return 'json';
  return /(^|,)\s*"?user(_?id)?"?\s*(,|$)/i.test(line) ? 'csv' : 'adjacency';
}

function readerOf(format: 'csv' | 'json' | 'adjacency', path: string, firstLine: string): RowReader {
  if (format === 'csv') return csvReader(path, findColumns(path, splitCsvLine(firstLine)));
  return format === 'json' ? jsonReader(path) : adjacencyReader(path);
}

function adjacencyReader(path: string): RowReader {
  return (line, lineNumber, add) => {
    const [user = '', ...taken] = line.trim().split(/\s+/);
    if (user.includes(',')) throw wrongLine(path, lineNumber, 'the first line must be a header with user and item');
    // u.data of MovieLens and its like: as a list of items its ratings and times would be taken for items.
    if (lineNumber === 1 && line.includes('\t') && taken.length === 3 && Number(taken[2]) > 1e8) {
      throw wrongLine(path, lineNumber, 'looks like user, item, rating, timestamp without a header');
    }
    for (const item of taken) add(user, item, undefined, undefined);
  };
}

function csvReader(path: string, columns: Columns): RowReader {
  return (line, lineNumber, add) => {
    // Most files have no quotes anywhere: those lines are cut at commas alone.
    const cells = line.includes('"') ? splitCsvLine(line) : line.split(',');
    const user = cells[columns.user];
    const item = cells[columns.item];
    if (!user || !item) throw wrongLine(path, lineNumber, `${user ? 'item' : 'user'} is empty`);
    add(
      user,
      item,
      columns.rating < 0 ? undefined : ratingOf(path, lineNumber, cells[columns.rating]),
      columns.timestamp < 0 ? undefined : secondsOf(path, lineNumber, cells[columns.timestamp]),
    );
  };
}

function jsonReader(path: string): RowReader {
  return (line, lineNumber, add) => {
    const row = parseJsonLine(path, lineNumber, line);
    const at = row.timestamp === undefined ? undefined : secondsOf(path, lineNumber, row.timestamp);
    add(
      idOf(path, lineNumber, 'user', row.user),
      idOf(path, lineNumber, 'item', row.item),
      ratingOf(path, lineNumber, row.rating),
      at,
    );
  };
}

function createPairs() {
  let [user, item, value, at] = [
    new Uint32Array(1024),
    new Uint32Array(1024),
    new Float32Array(1024),
    new Float64Array(1024),
  ];
  let [length, notLiked, rated, timed] = [0, 0, 0, 0];
  const grow = () => {
    const size = 2 * user.length;
    const copy = <Arrays extends Uint32Array | Float32Array | Float64Array>(into: Arrays, from: Arrays) => {
      into.set(from);
      return into;
    };
    user = copy(new Uint32Array(size), user);
    item = copy(new Uint32Array(size), item);
    value = copy(new Float32Array(size), value);
    at = copy(new Float64Array(size), at);
  };
  return {
    rows: () => length + notLiked,
    add(userNumber: number, itemNumber: number, rating: number | undefined, second: number | undefined): void {
      if (rating !== undefined) rated++;
      if (rating !== undefined && rating <= 0) {
        notLiked++;
        return;
      }
      if (length === user.length) grow();
      user[length] = userNumber;
      item[length] = itemNumber;
      value[length] = rating ?? 1;
      at[length] = second ?? Number.NaN;
      if (second !== undefined) timed++;
      length++;
    },
    finish(path: string): NumberedPairs {
      if (length === 0) {
        throw new AppError(
          'input.invalid',
          `${path}: all ${notLiked} ratings are 0 or less, so nobody likes anything`,
          {
            details: {
              field: path,
              fix: 'Give ratings above 0 for what people took or liked, or leave the column out.',
            },
          },
        );
      }
      return {
        user: user.slice(0, length),
        item: item.slice(0, length),
        value: value.slice(0, length),
        ...(timed === length ? { at: at.slice(0, length) } : {}),
        notLiked,
        hasRatings: rated > 0,
      };
    },
  };
}

function isBlank(line: string): boolean {
  return line === '' || line.trim() === '';
}

type Columns = { readonly user: number; readonly item: number; readonly rating: number; readonly timestamp: number };

function findColumns(path: string, header: readonly string[]): Columns {
  const at = (...names: string[]) => header.findIndex((cell) => names.includes(cell.trim().toLowerCase()));
  const columns = {
    user: at('user', 'user_id', 'userid'),
    item: at('item', 'item_id', 'itemid'),
    rating: at('rating', 'value', 'weight'),
    timestamp: at('timestamp', 'time', 'at', 'date'),
  };
  if (columns.user < 0 || columns.item < 0)
    throw wrongLine(path, 1, `the header must name user and item, got ${header.join(',')}`);
  return columns;
}

type JsonRow = { user: unknown; item: unknown; rating?: unknown; timestamp?: unknown };

function parseJsonLine(path: string, lineNumber: number, line: string): JsonRow {
  try {
    const row = JSON.parse(line);
    if (row?.user === undefined || row.item === undefined) throw new Error('user and item are required');
    return row;
  } catch (cause) {
    throw wrongLine(path, lineNumber, `not a JSON object with user and item (${(cause as Error).message})`);
  }
}

function idOf(path: string, lineNumber: number, field: string, value: unknown): string {
  if ((typeof value === 'string' && value !== '') || typeof value === 'number') return String(value);
  throw wrongLine(path, lineNumber, `${field} must be text or a number, got ${JSON.stringify(value)}`);
}

function ratingOf(path: string, lineNumber: number, cell: unknown): number | undefined {
  if (cell === undefined || cell === null || cell === '') return undefined;
  const rating = Number(cell);
  // Weights are kept as 32-bit floats, and their squares are added up.
  if (!(Math.abs(rating) <= ratingMax))
    throw wrongLine(path, lineNumber, `rating must be a number, at most a billion, got ${String(cell)}`);
  return rating;
}

const ratingMax = 1e9;

/** Seconds or milliseconds since 1970, or an ISO date. */
function secondsOf(path: string, lineNumber: number, cell: unknown): number {
  const number = typeof cell === 'string' && cell.trim() === '' ? Number.NaN : Number(cell);
  if (Number.isFinite(number)) return Math.abs(number) > 1e11 ? number / 1000 : number;
  const milliseconds = Date.parse(String(cell));
  if (Number.isNaN(milliseconds)) {
    throw wrongLine(path, lineNumber, `timestamp must be seconds since 1970 or an ISO date, got ${String(cell)}`);
  }
  return milliseconds / 1000;
}

function wrongLine(path: string, lineNumber: number, what: string): AppError {
  return new AppError('input.invalid', `${path}, line ${lineNumber}: ${what}`, {
    details: {
      field: `${path}:${lineNumber}`,
      fix: 'CSV with a header user,item[,rating][,timestamp], JSON lines with those keys, or lines of `user item item …`.',
    },
  });
}
