import { buildItemContent, type ItemContent, type ItemDescription } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import type { Names } from './read-interactions.ts';
import { readLines, splitCsvLine } from './read-table.ts';

const fieldNames: Record<string, keyof ItemDescription> = {
  text: 'text',
  title: 'text',
  name: 'text',
  description: 'text',
  category: 'category',
  brand: 'brand',
  price: 'price',
  tags: 'tags',
  tag: 'tags',
};

/**
 * Content of items: CSV with a header (item and any of title, description, category, brand, price, tags) or JSON lines with those
 * keys. Steps of a category are parted by `>`, tags by `|`. Items nobody took get numbers too.
 * @returns a function because the number of items is known only when all files are read.
 */
export async function readCatalogue(path: string, items: Names): Promise<(items: number) => ItemContent> {
  const descriptions: ItemDescription[] = [];
  let columns: readonly string[] | undefined;
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber++;
    if (line.trim() === '') continue;
    const isJson = line.startsWith('{');
    if (!isJson && !columns) {
      columns = findColumns(path, splitCsvLine(line));
      continue;
    }
    const row = isJson ? parseRow(path, lineNumber, line) : cellsOf(columns ?? [], splitCsvLine(line));
    const name = row.item === undefined || row.item === null ? '' : String(row.item);
    if (name === '') throw wrongLine(path, lineNumber, 'item is empty');
    const known = items.get(name);
    const number = known ?? items.size;
    if (known === undefined) items.set(name, number);
    descriptions[number] = describe(path, lineNumber, row);
  }
  if (descriptions.length === 0) throw wrongLine(path, 1, 'has no items');
  return (count) => buildItemContent(Array.from({ length: count }, (_, i) => descriptions[i] ?? {}));
}

function findColumns(path: string, header: readonly string[]): readonly string[] {
  const names = header.map((cell) =>
    cell
      .trim()
      .toLowerCase()
      .replace(/^item_?id$/, 'item'),
  );
  if (!names.includes('item')) throw wrongLine(path, 1, `the header must name item, got ${header.join(',')}`);
  if (!names.some((name) => name in fieldNames)) {
    throw wrongLine(
      path,
      1,
      `the header must name one of ${Object.keys(fieldNames).join(', ')}, got ${header.join(',')}`,
    );
  }
  return names;
}

function cellsOf(columns: readonly string[], cells: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
}

function parseRow(path: string, lineNumber: number, line: string): Record<string, unknown> {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw wrongLine(path, lineNumber, `not a JSON object (${(cause as Error).message})`);
  }
}

function describe(path: string, lineNumber: number, row: Record<string, unknown>): ItemDescription {
  const texts: string[] = [];
  const description: { category?: string[]; brand?: string; price?: number; tags?: string[] } = {};
  for (const [column, value] of Object.entries(row)) {
    const field = Object.hasOwn(fieldNames, column) ? fieldNames[column] : undefined;
    if (field === undefined || value === '' || value === null || value === undefined) continue;
    if (field === 'text') texts.push(String(value));
    if (field === 'category') description.category = listOf(value, '>');
    if (field === 'tags') description.tags = listOf(value, '|');
    if (field === 'brand') description.brand = String(value);
    if (field === 'price') description.price = priceOf(path, lineNumber, value);
  }
  return { ...description, ...(texts.length > 0 ? { text: texts.join(' ') } : {}) };
}

function listOf(value: unknown, separator: string): string[] {
  const parts = Array.isArray(value) ? value.map(String) : String(value).split(separator);
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function priceOf(path: string, lineNumber: number, value: unknown): number {
  const price = Number(value);
  if (price >= 0 && Number.isFinite(price)) return price;
  throw wrongLine(path, lineNumber, `price must be a number from 0, got ${String(value)}`);
}

function wrongLine(path: string, lineNumber: number, what: string): AppError {
  return new AppError('input.invalid', `${path}, line ${lineNumber}: ${what}`, {
    details: {
      field: `${path}:${lineNumber}`,
      fix: 'CSV with a header item,title,category,brand,price,tags (any of them), or JSON lines with those keys.',
    },
  });
}
