import type { LabelledTexts } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { readLines, splitCsvLine } from './read-table.ts';

/**
 * CSV with a header (text,label) or JSON lines with those keys; gzip allowed. A label may be a number, a text, or a list of texts where
 * several hold (in CSV: separated by |). Empty texts are kept: models must answer them too.
 */
export async function readTexts(path: string): Promise<LabelledTexts> {
  const texts: string[] = [];
  const labels: string[][] = [];
  let columns: { readonly text: number; readonly label: number } | undefined;
  let isJson: boolean | undefined;
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber++;
    if (line.trim() === '') continue;
    isJson ??= line.trimStart().startsWith('{');
    if (isJson) {
      const row = parseLine(path, lineNumber, line);
      texts.push(row.text);
      labels.push(row.labels);
      continue;
    }
    const cells = splitCsvLine(line);
    if (!columns) {
      const names = cells.map((cell) => cell.trim().toLowerCase());
      columns = {
        text: names.findIndex((name) => ['text', 'review', 'content'].includes(name)),
        label: names.indexOf('label'),
      };
      if (columns.text < 0 || columns.label < 0)
        throw wrong(path, 1, `the header must name text and label, got ${cells.join(',')}`);
      continue;
    }
    const label = cells[columns.label]?.trim();
    if (!label) throw wrong(path, lineNumber, 'label is empty');
    texts.push(cells[columns.text] ?? '');
    labels.push(label.split('|'));
  }
  if (texts.length === 0) throw wrong(path, 1, 'has no rows');
  return { texts, labels };
}

function parseLine(
  path: string,
  lineNumber: number,
  line: string,
): { readonly text: string; readonly labels: string[] } {
  let row: { text?: unknown; label?: unknown };
  try {
    row = JSON.parse(line);
  } catch (cause) {
    throw wrong(path, lineNumber, `not a JSON object (${(cause as Error).message})`);
  }
  if (typeof row?.text !== 'string') throw wrong(path, lineNumber, 'text must be a text');
  const labels = Array.isArray(row.label) ? row.label : [row.label];
  if (labels.some((label) => typeof label !== 'string' && typeof label !== 'number')) {
    throw wrong(path, lineNumber, 'label must be a text, a number or a list of texts');
  }
  return { text: row.text, labels: labels.map(String) };
}

function wrong(path: string, lineNumber: number, what: string): AppError {
  return new AppError('input.invalid', `${path}, line ${lineNumber}: ${what}`, {
    details: { field: `${path}:${lineNumber}`, fix: 'CSV with a header text,label or JSON lines with those keys.' },
  });
}
