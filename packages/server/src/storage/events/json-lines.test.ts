import { expect, test } from 'vitest';
import { toJsonLines } from './json-lines.ts';

const lines = (text: string, rows: number) => ({ rows, pieces: [Buffer.from(text)] });

test('lines that name their workspace and are as many as said are taken as they are', () => {
  const good = lines('{"workspace_id":12,"a":"b"}\n{"workspace_id":1}\n', 2);
  expect(toJsonLines('events', good)).toBe(good);
});

test.each([
  ['{"a":1}\n', 1],
  ['{"workspace_id":0}\n', 1],
  ['{"workspace_id":"1"}\n', 1],
  ['{"workspace_id":1}\n{}\n', 2],
  ['{"workspace_id":1}\n', 2],
  ['{"workspace_id":1}', 1],
])('%s as %i rows is refused', (text, rows) => {
  expect(() => toJsonLines('events', lines(text, rows))).toThrow(/append: events/);
});
