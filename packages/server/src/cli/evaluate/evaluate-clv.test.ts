import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runEvaluate } from './evaluate.ts';
import { evaluateClv } from './evaluate-clv.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'zhiyin-evaluate-clv-'));
const file = (name: string, content: string | Buffer) => {
  writeFileSync(path.join(folder, name), content);
  return path.join(folder, name);
};

/** Sixty customers who join through January and buy every so many days; every third stops in March. */
function someRows(): [string, string, number][] {
  const rows: [string, string, number][] = [];
  for (let who = 0; who < 60; who++) {
    const gap = 4 + (who % 11) * 3;
    for (let day = who % 28; day < 300; day += gap + ((day * 7 + who) % 5)) {
      if (who % 3 === 0 && day > 70) break;
      rows.push([`c${who}`, new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10), 5 + ((who * day) % 17)]);
    }
  }
  return rows;
}
const rows = someRows();
const csv = `customer,date,amount\n${rows.map((row) => row.join(',')).join('\n')}\n`;
const options = { calibrationEnd: '2025-06-30', observationEnd: '2025-09-30', model: 'bg-nbd', unit: 'week' };
const withoutTimes = ({ fitSeconds: _, peakRssMb: __, ...report }: Record<string, unknown>) => report;

describe('zhiyin evaluate clv', () => {
  it('prints parameters, log-likelihood, holdout error and that of the baseline', async () => {
    const report = await evaluateClv({ ...options, data: file('rows.csv', csv) });
    expect(report).toMatchObject({ task: 'clv', model: 'bg-nbd', unit: 'week', customers: 60, converged: 'true' });
    for (const name of ['r', 'alpha', 'a', 'b', 'p', 'q', 'v', 'holdoutPredicted', 'holdoutMae', 'baselineRmse']) {
      expect(report[name]).toBeGreaterThan(0);
    }
    expect(report.logLikelihood).toBeLessThan(0);
    expect(report.holdoutActual).toBe(rows.filter(([, date]) => date > '2025-06-30' && date <= '2025-09-30').length);
  });

  it('gives the same answer for CSV, JSON lines, gzip, compact dates and any order of rows', async () => {
    const json = rows.map(([customer, date, amount]) =>
      JSON.stringify({ customer, date: `${date}T08:30:00Z`, amount }),
    );
    const compact = `amount,customer_id,date\n${rows.map(([who, date, amount]) => `${amount},${who},${date.replaceAll('-', '')}`).join('\n')}`;
    const first = await evaluateClv({ ...options, data: file('rows.csv', csv) });
    for (const data of [
      file('rows.ndjson', json.join('\n')),
      file('rows.csv.gz', gzipSync(csv)),
      file('compact.csv', compact),
    ]) {
      expect(withoutTimes(await evaluateClv({ ...options, data }))).toEqual(withoutTimes(first));
    }
    const backwards = file('backwards.csv', `customer,date,amount\n${[...rows].reverse().join('\n')}\n`);
    const turned = await evaluateClv({ ...options, data: backwards });
    expect(turned.logLikelihood).toBeCloseTo(Number(first.logLikelihood), 6);
    expect(turned.holdoutPredicted).toBeCloseTo(Number(first.holdoutPredicted), 4);
  });

  it('leaves out money where there is none, and rows after the end', async () => {
    const plain = csv.replace(/,[^,\n]*$/gm, '');
    const report = await evaluateClv({ ...options, data: file('plain.csv', plain), unit: 'day' });
    expect(report).not.toHaveProperty('spendModel');
    expect(report.rowsAfterObservationEnd).toBe(rows.filter(([, date]) => date > '2025-09-30').length);
  });

  it('counts refunds as money and not as purchases, and says whom they ate up', async () => {
    const data = file('refunds.csv', `${csv}c1,2025-06-29,-100000\n`);
    const report = await evaluateClv({ ...options, data });
    expect(report).toMatchObject({ refundDays: 1, spendCustomersLeftOut: 1, customers: 60 });
  });

  it('lets the baseline serve when auto finds no lifetime model to trust', async () => {
    const steady = Array.from({ length: 40 }, (_, who) =>
      Array.from(
        { length: 20 },
        (_, i) =>
          `s${who},${new Date(Date.UTC(2025, 0, 1 + (who % 9) + i * (6 + (who % 5)))).toISOString().slice(0, 10)}`,
      ),
    ).flat();
    const data = file('steady.csv', `customer,date\n${steady.join('\n')}\n`);
    const report = await evaluateClv({
      ...options,
      data,
      model: 'auto',
      calibrationEnd: '2025-04-01',
      observationEnd: '2025-05-01',
    });
    expect(report.model).toBe(report.baseline);
    expect(report.aliveUsable).toBe('false');
    expect(report.reason).toMatch(/serves .* because no lifetime model can be trusted here/);
  });

  it('names the option, or the line, and what is wrong with it', async () => {
    const data = file('rows.csv', csv);
    const failing = (change: Partial<Parameters<typeof evaluateClv>[0]>) =>
      evaluateClv({ ...options, data, ...change });
    await expect(failing({ model: 'magic' })).rejects.toThrow(/--model: must be auto or one of bg-nbd/);
    await expect(failing({ unit: 'year' })).rejects.toThrow(/--unit: must be day or week, got year/);
    await expect(failing({ calibrationEnd: 'soon' })).rejects.toThrow(/--calibration-end: must be a date/);
    await expect(failing({ calibrationEnd: '2025-02-30' })).rejects.toThrow(/--calibration-end/);
    await expect(failing({ observationEnd: '2025-06-30' })).rejects.toThrow(/--observation-end: must be after/);
    await expect(failing({ calibrationEnd: '2020-01-01' })).rejects.toThrow(/no purchase has a time up to until/);
    await expect(failing({ data: '/nowhere.csv' })).rejects.toThrow(/nowhere/);
    await expect(failing({ data: file('a.csv', 'who,date\na,2025-01-01\n') })).rejects.toThrow(
      /header must name customer and date/,
    );
    await expect(failing({ data: file('b.csv', 'customer,date\na,31.01.2025\n') })).rejects.toThrow(
      /b\.csv, line 2: date must begin with a date/,
    );
    await expect(failing({ data: file('c.csv', 'customer,date,amount\na,2025-01-01,five\n') })).rejects.toThrow(
      /amount must be a number, got five/,
    );
    await expect(failing({ data: file('d.csv', 'customer,date\na,2025-01-01\nb,2025-01-02\n') })).rejects.toThrow(
      /can't carry a lifetime model.*repeats is 0 for every customer/,
    );
    await expect(failing({ data: file('e.csv', '') })).rejects.toThrow(/has no rows/);
    await expect(runEvaluate(['clv', '--data', data])).rejects.toThrow(/needs --data FILE .* --calibration-end DATE/);
  });

  const cdnow = path.resolve(import.meta.dirname, '../../../../../../shared/data/science/clv/CDNOW_sample.txt.gz');
  it.skipIf(!existsSync(cdnow))(
    `agrees with the published BG/NBD and Gamma-Gamma on CDNOW${existsSync(cdnow) ? '' : ' (skipped: data not present)'}`,
    async () => {
      const lines = gunzipSync(readFileSync(cdnow)).toString().trim().split('\n');
      const purchases = lines
        .map((line) => line.trim().split(/\s+/))
        .map(([, who, date, , amount]) => [who, date, amount]);
      const data = file('cdnow.csv', `customer,date,amount\n${purchases.join('\n')}\n`);
      const time = { calibrationEnd: '1997-09-30', observationEnd: '1998-06-30', unit: 'week' };
      const report = await evaluateClv({ ...time, data, model: 'bg-nbd' });
      const published = {
        r: 0.2426,
        alpha: 4.414,
        a: 0.7929,
        b: 2.426,
        logLikelihood: -9582,
        p: 6.249,
        q: 3.745,
        v: 15.45,
      };
      for (const [name, value] of Object.entries(published)) {
        expect(Number(Number(report[name]).toPrecision(4))).toBe(value);
      }
      expect(report).toMatchObject({ customers: 2357, repeatCustomers: 946, holdoutActual: 1882, problems: null });
      expect(report.holdoutPredicted).toBeCloseTo(1653.41, 2);
      expect(report.holdoutMae).toBeCloseTo(0.785454, 5);
    },
  );
});
