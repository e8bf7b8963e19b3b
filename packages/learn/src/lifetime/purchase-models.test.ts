import { describe, expect, it } from 'vitest';
import { DomainError, ShapeError } from '../errors.ts';
import { hypergeometric } from '../numerics/hypergeometric.ts';
import { expectedWhileDropping } from './expected-while-dropping.ts';
import { computeLogLikelihood, fitPurchaseModel } from './fit-purchase-model.ts';
import { buildLikelihoodTable } from './likelihood-table.ts';
import { predictAlive, predictNewcomerPurchases, predictPurchases } from './predict-purchases.ts';
import { mergeHistories, type PurchaseHistories } from './purchase-histories.ts';
import { findLikelihoodFamily, lifetimeModels, purchaseBaselines } from './purchase-model.ts';
import { simulateHistories } from './simulate-histories.fixture.ts';

const parametersOf = {
  'bg-nbd': { r: 0.25, alpha: 30, a: 0.8, b: 2.4 },
  'mbg-nbd': { r: 0.5, alpha: 43, a: 0.9, b: 1.6 },
  'pareto-nbd': { r: 0.55, alpha: 74, s: 0.6, beta: 82 },
  nbd: { r: 0.4, alpha: 80 },
};
const models = [...lifetimeModels, 'nbd' as const].map((kind) => ({ kind, parameters: parametersOf[kind] }));
const sample = simulateHistories({
  customers: 1500,
  parameters: parametersOf['bg-nbd'],
  joinDays: 84,
  untilDay: 273,
  seed: 7,
});
const rowsOf = (histories: PurchaseHistories, pick: readonly number[]): PurchaseHistories => ({
  repeats: pick.map((i) => histories.repeats[i]),
  recency: pick.map((i) => histories.recency[i]),
  age: pick.map((i) => histories.age[i]),
});

describe('every purchase model', () => {
  it.each(models)('$kind has the slopes that differences of its likelihood have', ({ kind, parameters }) => {
    const loss = findLikelihoodFamily(kind)?.loss(buildLikelihoodTable(mergeHistories(sample)));
    if (!loss) throw new Error('no likelihood');
    const variants = [
      Object.values(parameters),
      Object.values(parameters).map((value, i) => value * [3, 0.1, 1.5, 4][i]),
    ];
    if (kind === 'pareto-nbd') variants.push([0.5, 0.3, 0.4, 900], [0.5, 900, 0.4, 0.3]); // both ends of the quadrature
    for (const variant of variants) {
      const point = Float64Array.from(variant, Math.log);
      const gradient = new Float64Array(point.length);
      const unused = new Float64Array(point.length);
      loss(point, gradient);
      for (let i = 0; i < point.length; i++) {
        const [up, down] = [1e-5, -1e-5].map((by) => loss(point.with(i, point[i] + by), unused));
        expect(Math.abs(gradient[i] - (up - down) / 2e-5)).toBeLessThan(1e-7 * (1 + Math.abs(gradient[i])));
      }
    }
  });

  it.each(models)('$kind learns the same from merged rows, weights and any order of customers', ({ kind }) => {
    const base = fitPurchaseModel(sample, { kind });
    const merged = fitPurchaseModel(mergeHistories(sample), { kind });
    const reversed = fitPurchaseModel(rowsOf(sample, [...Array(1500).keys()].reverse()), { kind });
    const doubled = fitPurchaseModel({ ...sample, weight: new Float64Array(1500).fill(2) }, { kind });
    expect(base.customers).toBe(1500);
    expect(base.rows).toBeLessThan(1500);
    expect(merged.logLikelihood).toBeCloseTo(base.logLikelihood ?? 0, 8);
    expect(doubled.logLikelihood).toBeCloseTo(2 * (base.logLikelihood ?? 0), 8);
    for (const [name, value] of Object.entries(base.parameters)) {
      for (const other of [merged, reversed, doubled]) expect(other.parameters[name] / value).toBeCloseTo(1, 5);
    }
  });

  it.each(models)('$kind does not care whether times are days or milliseconds', ({ kind }) => {
    const inMs = (days: ArrayLike<number>) => Array.from(days, (day) => day * 86_400_000);
    const days = fitPurchaseModel(sample, { kind });
    const milliseconds = fitPurchaseModel(
      { repeats: sample.repeats, recency: inMs(sample.recency), age: inMs(sample.age) },
      { kind },
    );
    expect(milliseconds.parameters.alpha / days.parameters.alpha / 86_400_000).toBeCloseTo(1, 8);
    expect(milliseconds.parameters.r).toBeCloseTo(days.parameters.r, 8);
    expect(milliseconds.intervals?.alpha.high).toBeCloseTo((days.intervals?.alpha.high ?? 0) * 86_400_000, -4);
  });

  it.each(models)('$kind has a log-likelihood that is the sum over customers', ({ kind, parameters }) => {
    const pick = [0, 3, 11, 200, 700];
    const parts = pick.map((i) => computeLogLikelihood({ kind, parameters }, rowsOf(sample, [i])));
    expect(computeLogLikelihood({ kind, parameters }, rowsOf(sample, pick))).toBeCloseTo(
      parts.reduce((sum, part) => sum + part),
      9,
    );
  });

  const all = [...models, ...purchaseBaselines.slice(1).map((kind) => fitPurchaseModel(sample, { kind }))];
  it.each(all)('$kind gives chances from 0 to 1 and purchases that grow with the horizon', (model) => {
    for (const alive of predictAlive(model, sample)) expect(alive >= 0 && alive <= 1).toBe(true);
    const [none, near, far] = [0, 30, 300].map((horizon) => predictPurchases(model, sample, horizon));
    expect(none.every((value) => value === 0)).toBe(true);
    expect(near.every((value, i) => value >= 0 && value <= far[i])).toBe(true);
    expect(predictNewcomerPurchases(model, 0)).toBe(0);
    expect(predictNewcomerPurchases(model, 100)).toBeGreaterThan(predictNewcomerPurchases(model, 50));
  });

  it.each(all)('$kind answers for many as for one', (model) => {
    const pick = [1, 5, 42, 999];
    const batch = rowsOf(sample, pick);
    const alive = predictAlive(model, batch);
    const purchases = predictPurchases(model, batch, 90);
    pick.forEach((i, at) => {
      expect(predictAlive(model, rowsOf(sample, [i]))[0]).toBe(alive[at]);
      expect(predictPurchases(model, rowsOf(sample, [i]), 90)[0]).toBe(purchases[at]);
    });
  });

  it.each(models)('$kind trusts a customer more who bought more recently', (model) => {
    const recency = [10, 60, 120, 200, 250, 273];
    const same = (value: number) => recency.map(() => value);
    const histories = { repeats: same(4), recency, age: same(273) };
    const alive = predictAlive(model, histories);
    const purchases = predictPurchases(model, histories, 90);
    for (let i = 1; i < recency.length; i++) {
      expect(alive[i]).toBeGreaterThanOrEqual(alive[i - 1]);
      expect(purchases[i]).toBeGreaterThanOrEqual(purchases[i - 1]);
    }
  });

  it.each(models)('$kind neither overflows nor loses itself with thousands of purchases', (model) => {
    const eager = { repeats: [2_500, 100_000, 2_500], recency: [10, 700, 700], age: [730, 730, 730] };
    const alive = predictAlive(model, eager);
    const purchases = predictPurchases(model, eager, 365);
    expect([...alive, ...purchases, computeLogLikelihood(model, eager)].every(Number.isFinite)).toBe(true);
    if (model.kind !== 'nbd') expect(alive[0]).toBeLessThan(1e-9);
  });
});

describe('BG/NBD and its relatives', () => {
  it('hold a customer without repeats for certainly active only where leaving needs a repeat', () => {
    const once = { repeats: [0, 0], recency: [0, 0], age: [10, 500] };
    const [bg, mbg, pareto] = models.map((model) => predictAlive(model, once));
    expect([...bg]).toEqual([1, 1]);
    expect(mbg[0]).toBeLessThan(1);
    expect(pareto[1]).toBeLessThan(pareto[0]);
  });

  it('expect what the published formula says, and no jump at a = 1', () => {
    for (const [r, alpha, a, b, horizon] of [
      [0.25, 4.4, 0.8, 2.4, 39],
      [2.25, 43.2, 0.8, 4.4, 39],
      [0.7, 10, 2.6, 0.9, 200],
      [26.2, 35.4, 0.79, 28.4, 52],
    ]) {
      const c = a + b - 1;
      const z = horizon / (alpha + horizon);
      const published = (c / (a - 1)) * (1 - (1 - z) ** r * hypergeometric(r, b, c, z));
      expect(expectedWhileDropping(r, alpha, a, b, horizon) / published).toBeCloseTo(1, 9);
    }
    const around = [1 - 1e-7, 1, 1 + 1e-7].map((a) => expectedWhileDropping(0.7, 10, a, 2, 60));
    expect(around[1]).toBeCloseTo((around[0] + around[2]) / 2, 11);
    expect(expectedWhileDropping(0.5, 10, 0.2, 0.3, 60)).toBeGreaterThan(0); // a + b < 1
  });

  it('become the model without leaving when the chance to leave vanishes', () => {
    const [, , , nbd] = models;
    const still = { kind: 'bg-nbd', parameters: { ...nbd.parameters, a: 1e-7, b: 1e5 } } as const;
    expect(computeLogLikelihood(still, sample)).toBeCloseTo(computeLogLikelihood(nbd, sample), 4);
    const [one, other] = [still, nbd].map((model) => predictPurchases(model, sample, 90));
    for (const [i, value] of one.entries()) expect(value / other[i]).toBeCloseTo(1, 5);
  });

  it('Pareto/NBD agrees with the integral it is made of, on both sides of alpha = beta', () => {
    for (const [r, alpha, s, beta] of [
      [0.55, 10.6, 0.6, 11.7],
      [1, 20, 1, 4],
      [0.3, 2, 0.2, 4000],
      [0.3, 4000, 0.2, 2],
      [0.5, 7, 1.3, 7],
    ]) {
      for (const [x, recency, age] of [
        [2, 30.4, 38.9],
        [0, 0, 20],
        [14, 5, 39],
      ]) {
        const base = (time: number) => Math.log(alpha + time) * -(r + x) - Math.log(beta + time) * s;
        const kept = Math.exp(base(age) - base(recency));
        const steps = 20_000; // midpoint rule
        let integral = 0;
        for (let i = 0; i < steps; i++) {
          const time = recency + ((i + 0.5) * (age - recency)) / steps;
          integral += ((s / (beta + time)) * Math.exp(base(time) - base(recency)) * (age - recency)) / steps;
        }
        const model = { kind: 'pareto-nbd', parameters: { r, alpha, s, beta } } as const;
        const alive = predictAlive(model, { repeats: [x], recency: [recency], age: [age] })[0];
        expect(alive / (kept / (kept + integral))).toBeCloseTo(1, 6);
      }
    }
  });

  it('finds the parameters it was drawn from, inside the intervals', () => {
    const truth = { r: 0.8, alpha: 20, a: 1.2, b: 4 };
    const many = simulateHistories({ customers: 40_000, parameters: truth, joinDays: 180, untilDay: 360, seed: 11 });
    const { parameters, intervals, report } = fitPurchaseModel(many, { kind: 'bg-nbd', intervalLevel: 0.999 });
    expect(report?.converged).toBe(true);
    // Whole days hide a second purchase of a day, so rates come out a little lower than drawn.
    expect(parameters.r / truth.r).toBeCloseTo(1, 0);
    expect(parameters.a / (parameters.a + parameters.b)).toBeCloseTo(truth.a / (truth.a + truth.b), 1);
    for (const name of ['r', 'alpha', 'a', 'b']) {
      const { low, high } = intervals?.[name] ?? { low: 0, high: 0 };
      expect(low < parameters[name] && parameters[name] < high && high / low < 2).toBe(true);
    }
  });
});

describe('bad input', () => {
  const fit = (histories: PurchaseHistories) => () => fitPurchaseModel(histories, { kind: 'bg-nbd' });
  it('is refused with the name of what is wrong, where and the value', () => {
    expect(fit({ repeats: [1, 2], recency: [3], age: [4, 5] })).toThrow(ShapeError);
    expect(fit({ repeats: [], recency: [], age: [] })).toThrow(/empty/);
    expect(fit({ repeats: [1, 1], recency: [3, 9], age: [4, 5] })).toThrow(
      /recency must be from 0 to age \(5\), got 9 for customer 1/,
    );
    expect(fit({ repeats: [-1, 1], recency: [3, 3], age: [4, 5] })).toThrow(
      /repeats must be whole numbers from 0, got -1/,
    );
    expect(fit({ repeats: [1.5, 1], recency: [3, 3], age: [4, 5] })).toThrow(/repeats .* got 1.5/);
    expect(fit({ repeats: [1, 1], recency: [Number.NaN, 3], age: [4, 5] })).toThrow(/recency .* got NaN/);
    expect(fit({ repeats: [1, 1], recency: [3, 3], age: [4, Number.POSITIVE_INFINITY] })).toThrow(
      /age .* got Infinity/,
    );
    expect(fit({ repeats: [0, 1], recency: [3, 3], age: [4, 5] })).toThrow(/recency must be 0 where repeats is 0/);
    expect(fit({ repeats: [2, 1], recency: [0, 3], age: [4, 5] })).toThrow(
      /recency must be above 0 where repeats is 2/,
    );
    expect(fit({ repeats: [1, 1], recency: [3, 3], age: [4, 5], weight: [1, 0] })).toThrow(
      /weight must be above 0, got 0/,
    );
  });

  it('is refused when it has nothing to learn from', () => {
    expect(fit({ repeats: [1], recency: [3], age: [4] })).toThrow(/repeats holds 1 customer, at least 2/);
    expect(fit({ repeats: [0, 0, 0], recency: [0, 0, 0], age: [4, 5, 6] })).toThrow(/repeats is 0 for every customer/);
    expect(() => fitPurchaseModel(sample, { kind: 'bg-nbd', intervalLevel: 1 })).toThrow(/intervalLevel/);
    expect(() => fitPurchaseModel(sample, { kind: 'magic' as 'nbd' })).toThrow(DomainError);
  });

  it('of a prediction is refused too', () => {
    const [bg] = models;
    expect(() => predictPurchases(bg, sample, -1)).toThrow(/horizon must be finite and not negative, got -1/);
    expect(() => predictPurchases(bg, sample, Number.NaN)).toThrow(DomainError);
    const broken = { kind: 'bg-nbd', parameters: { ...bg.parameters, a: 0 } } as const;
    expect(() => predictAlive(broken, sample)).toThrow(/parameter a must be above 0 and finite, got 0/);
    expect(() => computeLogLikelihood({ kind: 'average-rate', parameters: { rate: 1 } }, sample)).toThrow(
      /no likelihood/,
    );
  });
});
