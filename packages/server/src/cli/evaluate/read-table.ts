import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '../../domain/app-error.ts';

/** Lines of a text file, gunzipped where its first bytes say so. UTF-8; a byte order mark is dropped. */
export async function* readLines(path: string): AsyncIterable<string> {
  for await (const lines of readLineBatches(path)) yield* lines;
}

/** The same, as many at once as a piece of the file holds: several times faster for files of millions of lines. */
export async function* readLineBatches(path: string): AsyncIterable<string[]> {
  const text = await openText(path);
  let rest = '';
  let isFirst = true;
  try {
    for await (const piece of text) {
      if (piece.includes('\0')) {
        throw new AppError('input.invalid', `${path}: is not text (it holds bytes of value 0)`, {
          details: { field: path, fix: 'Give a text file in UTF-8, or one packed with gzip.' },
        });
      }
      const lines = (rest + (isFirst ? piece.replace(/^\uFEFF/, '') : piece)).split('\n');
      isFirst = false;
      rest = lines.pop() ?? '';
      yield lines.map(withoutReturn);
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('input.invalid', `${path}: is not a readable gzip or text file`, {
      cause,
      details: { field: path },
    });
  }
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

async function openText(path: string): Promise<AsyncIterable<string>> {
  try {
    const file = await open(path);
    const start = Buffer.alloc(2);
    await file.read(start, 0, 2, 0);
    const bytes = file.createReadStream({ start: 0, highWaterMark: 256 * 1024 });
    const isGzip = start[0] === 0x1f && start[1] === 0x8b;
    // What goes wrong is thrown where the text is read.
    const text = isGzip ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
    return text.setEncoding('utf8');
  } catch (cause) {
    throw new AppError('input.invalid', `${path}: cannot be read`, {
      cause,
      details: { field: path, fix: 'Check the path and the permissions.' },
    });
  }
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
