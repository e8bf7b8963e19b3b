import { expect, test } from 'vitest';
import { joinSpans, RowBytes } from './row-bytes.ts';

const textOf = ({ pieces }: { pieces: readonly Buffer[] }) => pieces.map((piece) => piece.toString('utf8')).join('');

test('rows come back as lines in their order, neighbours as one piece', () => {
  const bytes = new RowBytes();
  const spans = ['知音', 'b', 'c', 'd'].map((name) => bytes.add('events', { workspace_id: 1, name }));
  expect(joinSpans(spans).pieces).toHaveLength(1);
  const some = joinSpans([spans[0]!, spans[1]!, spans[3]!]);
  expect(some).toMatchObject({ rows: 3, pieces: [expect.anything(), expect.anything()] });
  expect(textOf(some)).toBe(
    '{"workspace_id":1,"name":"知音"}\n{"workspace_id":1,"name":"b"}\n{"workspace_id":1,"name":"d"}\n',
  );
});

test('a row larger than a block has one of its own', () => {
  const bytes = new RowBytes();
  const spans = [1, 2_000_000, 3].map((length) => bytes.add('events', { workspace_id: 1, name: '大'.repeat(length) }));
  const lines = textOf(joinSpans(spans)).trimEnd().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { name: string }).name.length)).toEqual([1, 2_000_000, 3]);
});
