import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runEvaluate } from './evaluate.ts';
import { evaluateSequence } from './evaluate-sequence.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'zhiyin-evaluate-sequence-'));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};
const options = { model: 'transition-knn', k: 10, seed: 1, timeBudgetSeconds: 60, repeats: 'mask', refit: false };
const withoutTimes = (report: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(report).filter(([name]) => !/seconds|persecond|rss|protocol/i.test(name)));

/** Forty people who go on from item i to i + 3; ids with letters of all kinds. */
const events = Array.from({ length: 40 }, (_, who) =>
  Array.from({ length: 5 + (who % 3) }, (_, step) => ({
    user: `顾客 ${who}`,
    item: `茶-${(who + 3 * step) % 23}`,
    timestamp: 1_700_000_000 + step * 3600 + who,
  })),
).flat();
const csv = `user,item,timestamp\n${events.map(({ user, item, timestamp }) => `${user},${item},${timestamp}`).join('\n')}\n`;

describe('zhiyin evaluate sequence', () => {
  it('finds what follows, and says what was held out, masked and counted', async () => {
    const report = await evaluateSequence({ ...options, events: file('events.csv', csv) });
    expect(report).toMatchObject({ task: 'sequence', model: 'transition-knn', users: 40, items: 23, cases: 40 });
    expect(report['hit@10']).toBe(1);
    expect(report['ndcg@10']).toBeGreaterThan(0.9);
    expect(report.protocol).toMatch(/last event of each user for the test.*order by timestamp/);
    expect(report.ranking).toMatch(/all items, those of the history left out, ties against the model/);
    expect(report.repeatTargets).toBe(0);
    expect(report['validationNdcg transition-knn']).toBeGreaterThan(0);
  });

  it('gives the same answer for CSV, JSON lines, gzip, dates, rows in any order, and lists', async () => {
    const first = withoutTimes(await evaluateSequence({ ...options, events: file('events.csv', csv) }));
    const dated = events.map((event) => ({ ...event, timestamp: new Date(event.timestamp * 1000).toISOString() }));
    const lists = Array.from({ length: 40 }, (_, who) => {
      const own = events.filter(({ user }) => user === `顾客 ${who}`);
      return [`顾客${who}`, ...own.map(({ item }) => item)].join(' ');
    });
    for (const source of [
      file('events.ndjson', events.map((event) => JSON.stringify(event)).join('\n')),
      file('dated.ndjson.gz', gzipSync(dated.map((event) => JSON.stringify(event)).join('\n'))),
      file('lists.txt', lists.join('\n')),
    ]) {
      expect(withoutTimes(await evaluateSequence({ ...options, events: source }))).toEqual(first);
    }
    const backwards = file(
      'backwards.csv',
      `user,item,timestamp\n${csv.trim().split('\n').slice(1).reverse().join('\n')}`,
    );
    const turned = await evaluateSequence({ ...options, events: backwards });
    expect(turned['hit@10']).toBe(1);
  });

  it('chooses among all within the budget, and the seed gives the same again', async () => {
    const source = file('events.csv', csv);
    const report = await evaluateSequence({ ...options, model: 'auto', events: source });
    expect(report.reason).toMatch(/best ndcg@10 on the validation part, beside popular/);
    for (const name of ['popular', 'transition-knn', 'vsknn', 'sasrec', 'blend']) {
      expect(Number(report[`validationNdcg ${name}`])).toBeLessThanOrEqual(
        Number(report[`validationNdcg ${report.model}`]) + 1e-9,
      );
    }
    const again = await evaluateSequence({ ...options, model: 'auto', events: source });
    expect(withoutTimes(again)).toEqual(withoutTimes(report));
  }, 60_000);

  it('counts repeated targets, and can rank them', async () => {
    const again = Array.from(
      { length: 30 },
      (_, who) => `u${who} a${who % 5} b${who % 5} a${who % 5} b${who % 5}`,
    ).join('\n');
    const source = file('again.txt', again);
    const masked = await evaluateSequence({ ...options, events: source });
    expect(masked).toMatchObject({ repeatTargets: 30, 'hit@10': 0 });
    const kept = await evaluateSequence({ ...options, repeats: 'keep', events: source });
    expect(kept['hit@10']).toBe(1);
    expect(kept.ranking).toMatch(/those of the history included/);
  });

  it('lets the simplest serve where nobody has three events', async () => {
    const source = file('short.txt', 'u1 a b\nu2 b a\nu3 c\nu4 a c');
    for (const refit of [false, true]) {
      const report = await evaluateSequence({ ...options, model: 'auto', refit, events: source, timeBudgetSeconds: 5 });
      expect(report).toMatchObject({ model: 'popular', cases: 3, 'validationNdcg popular': null });
      expect(report.reason).toMatch(/nobody has three events/);
      expect(report['hit@10']).toBeGreaterThan(0);
    }
  });

  it('reads the folder of the published split', async () => {
    const split = path.join(folder, 'split');
    mkdirSync(split, { recursive: true });
    const walk = (from: number, length: number) =>
      Array.from({ length }, (_, i) => `i${(from + 3 * i) % 23}`).join(' ');
    const lines = (of: (who: number) => string, count: number) =>
      Array.from({ length: count }, (_, who) => of(who)).join('\n');
    writeFileSync(
      path.join(split, 'train_input.txt'),
      lines((who) => walk(who, 6), 60),
    );
    writeFileSync(
      path.join(split, 'val_input.txt'),
      lines((who) => walk(who, 6), 20),
    );
    writeFileSync(path.join(split, 'val_output.txt.gz'), gzipSync(lines((who) => `i${(who + 18) % 23}`, 20)));
    const report = await evaluateSequence({ ...options, events: split });
    expect(report).toMatchObject({ cases: 20, 'hit@10': 1, users: 60 });
    expect(report.protocol).toMatch(/val_output of each val_input for the test/);
    writeFileSync(path.join(split, 'val_output.txt'), 'i1');
    await expect(evaluateSequence({ ...options, events: split })).rejects.toThrow(/got 1 lines for 20/);
    await expect(evaluateSequence({ ...options, events: folder })).rejects.toThrow(/has no train_input.txt/);
  });

  it('names the option, or the line, and what is wrong with it', async () => {
    const source = file('events.csv', csv);
    const failing = (change: Partial<Parameters<typeof evaluateSequence>[0]>) =>
      expect(evaluateSequence({ ...options, events: source, ...change })).rejects;
    await failing({ model: 'magic' }).toThrow(/--model: must be auto or one of popular/);
    await failing({ repeats: 'maybe' }).toThrow(/--repeats: must be mask or keep, got maybe/);
    await failing({ events: '/nowhere.csv' }).toThrow(/nowhere/);
    await failing({ events: file('a.csv', 'who,item\n1,2\n') }).toThrow(/header must name user and item, got who,item/);
    await failing({ events: file('b.csv', 'user,item,timestamp\nu,a,soon\n') }).toThrow(
      /b\.csv, line 2: timestamp must be a number or a date such as .* got soon/,
    );
    await failing({ events: file('c.csv', 'user,item,timestamp\nu,,5\n') }).toThrow(/line 2: item is empty/);
    await failing({ events: file('d.csv', 'user,item,timestamp\nu,a\n') }).toThrow(
      /line 2: timestamp must be a number/,
    );
    await failing({ events: file('e.ndjson', '{"user":1,"item":2,"timestamp":3}\n{"user":1,"item":2}') }).toThrow(
      /line 2: timestamp must be on every line or on none/,
    );
    await failing({ events: file('f.ndjson', '{"user":1') }).toThrow(/line 1: not a JSON object/);
    await failing({ events: file('g.txt', 'u1 a b\nu2') }).toThrow(/line 2: a line is a user and at least one item/);
    await failing({ events: file('h.txt', '') }).toThrow(/has no events/);
    await failing({ events: file('i.txt', 'u1 a\nu2 b') }).toThrow(/--events: nobody has two events/);
    await failing({ events: file('j.txt', 'u1 a b c\nu2 b a c'), model: 'sasrec' }).toThrow(
      /--events: .*nobody has two/,
    );
    await expect(runEvaluate(['sequence'])).rejects.toThrow(/needs --events FILE/);
    await expect(runEvaluate(['sequence', '--events', source, '--k', '0'])).rejects.toThrow(/--k/);
  });

  const beauty = path.resolve(import.meta.dirname, '../../../../../../shared/data/sequence/beauty/seq.txt.gz');
  it.skipIf(!existsSync(beauty))(
    `reaches the published transition figures on Beauty${existsSync(beauty) ? '' : ' (skipped: data not present)'}`,
    async () => {
      const report = await evaluateSequence({ ...options, events: beauty, timeBudgetSeconds: 1 });
      // The budget ends the search for options early: the defaults, within .001 of the figures with all of them.
      expect(report['hit@10']).toBeGreaterThan(0.0855);
      expect(report['ndcg@10']).toBeGreaterThan(0.0535);
    },
    60_000,
  );
});
