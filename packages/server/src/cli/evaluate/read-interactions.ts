import { AppError } from '../../domain/app-error.ts';
import { readLines, splitCsvLine } from './read-table.ts';

/** Names of users and items in the order in which they first appeared, and who took what. */
export type NamedPairs = { user: number[]; item: number[]; value: number[] };
export type Names = Map<string, number>;

/**
 * CSV with a header (user,item[,rating][,timestamp]) or JSON lines with those keys, or adjacency lists `user item item …` without
 * a header. Ids may be any text; the same `users` and `items` are passed for train and test so that they number alike.
 */
export async function readInteractions(path: string, users: Names, items: Names): Promise<NamedPairs> {
  const pairs: NamedPairs = { user: [], item: [], value: [] };
  const add = (user: string, item: string, value: number) => {
    pairs.user.push(numberOf(users, user));
    pairs.item.push(numberOf(items, item));
    pairs.value.push(value);
  };
  let columns: { user: number; item: number; rating: number } | undefined;
  let format: 'csv' | 'json' | 'adjacency' | undefined;
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber++;
    if (line.trim() === '') continue;
    if (!format) {
      format = line.startsWith('{') ? 'json' : /(^|,)"?user(_?id)?"?(,|$)/i.test(line) ? 'csv' : 'adjacency';
      if (format === 'csv') {
        columns = findColumns(path, splitCsvLine(line));
        continue;
      }
    }
    if (format === 'adjacency') {
      const [user = '', ...taken] = line.trim().split(/\s+/);
      if (user.includes(',')) throw wrongLine(path, lineNumber, 'the first line must be a header with user and item');
      for (const item of taken) add(user, item, 1);
    } else if (format === 'json') {
      const row = parseJsonLine(path, lineNumber, line);
      add(String(row.user), String(row.item), ratingOf(path, lineNumber, row.rating));
    } else if (columns) {
      const cells = splitCsvLine(line);
      const user = cells[columns.user];
      const item = cells[columns.item];
      if (!user || !item) throw wrongLine(path, lineNumber, 'user or item is empty');
      add(user, item, columns.rating < 0 ? 1 : ratingOf(path, lineNumber, cells[columns.rating]));
    }
  }
  if (pairs.user.length === 0)
    throw new AppError('input.invalid', `${path}: has no rows`, {
      details: { field: path, fix: 'Give a file with at least one user,item pair.' },
    });
  return pairs;
}

function numberOf(names: Names, name: string): number {
  const known = names.get(name);
  if (known !== undefined) return known;
  names.set(name, names.size);
  return names.size - 1;
}

function findColumns(path: string, header: readonly string[]) {
  const at = (...names: string[]) => header.findIndex((cell) => names.includes(cell.trim().toLowerCase()));
  const columns = {
    user: at('user', 'user_id', 'userid'),
    item: at('item', 'item_id', 'itemid'),
    rating: at('rating', 'value', 'weight'),
  };
  if (columns.user < 0 || columns.item < 0)
    throw wrongLine(path, 1, `the header must name user and item, got ${header.join(',')}`);
  return columns;
}

function parseJsonLine(
  path: string,
  lineNumber: number,
  line: string,
): { user: unknown; item: unknown; rating?: unknown } {
  try {
    const row = JSON.parse(line);
    if (row?.user === undefined || row.item === undefined) throw new Error('user and item are required');
    return row;
  } catch (cause) {
    throw wrongLine(path, lineNumber, `not a JSON object with user and item (${(cause as Error).message})`);
  }
}

function ratingOf(path: string, lineNumber: number, cell: unknown): number {
  if (cell === undefined || cell === '') return 1;
  const rating = Number(cell);
  if (!Number.isFinite(rating)) throw wrongLine(path, lineNumber, `rating must be a number, got ${String(cell)}`);
  return rating;
}

function wrongLine(path: string, lineNumber: number, what: string): AppError {
  return new AppError('input.invalid', `${path}, line ${lineNumber}: ${what}`, {
    details: {
      field: `${path}:${lineNumber}`,
      fix: 'CSV with a header user,item[,rating], JSON lines with those keys, or lines of `user item item …`.',
    },
  });
}
