import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../domain/app-error.ts';

/** Lines of a text file, gunzipped where its name or its first bytes say so. UTF-8; a byte order mark is dropped. */
export async function* readLines(path: string): AsyncIterable<string> {
  const file = createReadStream(path);
  const opened = new Promise<never>((_, reject) =>
    file.once('error', (cause) =>
      reject(
        new AppError('input.invalid', `${path}: cannot be read`, {
          cause,
          details: { field: path, fix: 'Check the path and the permissions.' },
        }),
      ),
    ),
  );
  opened.catch(() => undefined);
  const text = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  let first = true;
  try {
    for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
      yield first ? line.replace(/^\uFEFF/, '') : line;
      first = false;
    }
  } catch (cause) {
    throw new AppError('input.invalid', `${path}: is not a readable gzip or text file`, {
      cause,
      details: { field: path },
    });
  }
  if (file.errored) await opened;
}

/** Cells of one CSV line: commas, double quotes doubled inside quotes. Evaluation files have one row a line. */
export function splitCsvLine(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (quoted) {
      if (character !== '"') cell += character;
      else if (line[i + 1] === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  cells.push(cell);
  return cells;
}
