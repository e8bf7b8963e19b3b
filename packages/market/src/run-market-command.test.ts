import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMarketCommand } from './run-market-command.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'market-'));
});
afterAll(() => rm(directory, { recursive: true }));

function outside() {
  const lines: string[] = [];
  const now = () => Date.parse('2026-11-22T04:00:00Z');
  return { lines, print: (line: string) => void lines.push(line), now, env: {}, signal: new AbortController().signal };
}

describe('zhiyin market', () => {
  it('generates files, the truth apart from them', async () => {
    const to = outside();
    const args = [
      'generate',
      '--people',
      '60',
      '--days',
      '40',
      '--seed',
      '4',
      '--out',
      directory,
      '--truth',
      join(directory, 'truth.ndjson'),
    ];
    expect(await runMarketCommand(args, to)).toBe(0);
    const lines = async (name: string) => (await readFile(join(directory, name), 'utf8')).trim().split('\n');
    const events = (await lines('events.ndjson')).map((line) => JSON.parse(line));
    expect(to.lines[0]).toContain(`${events.length} events`);
    expect(await lines('catalogue.ndjson')).toHaveLength(432);
    expect(await lines('spend.csv')).toHaveLength(1 + 4 * 40);
    const truth = (await lines('truth.ndjson')).map((line) => JSON.parse(line));
    expect(truth.filter(({ kind }) => kind === 'person')).toHaveLength(60);
    expect(JSON.stringify(events)).not.toContain('priceSensitivity');
  });

  it.each([
    [['generate'], '--out DIR is missing'],
    [['generate', '--out', 'x', '--people', 'many'], '--people must be a number'],
    [['generate', '--out', 'x', '--people', '0'], 'people must be a whole number'],
    [['generate', '--peple', '3'], '--peple'],
    [['run', '--speed', '60'], '--write-key KEY is missing'],
    [['sell'], 'zhiyin market generate'],
  ])('answers %j with what is wrong and how it goes', async (args, words) => {
    const to = outside();
    expect(await runMarketCommand(args, to)).toBe(2);
    expect(to.lines.join('\n')).toContain(words);
  });
});
