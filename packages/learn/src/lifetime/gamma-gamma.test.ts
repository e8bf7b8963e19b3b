import { describe, expect, it } from 'vitest';
import { DomainError, ShapeError } from '../errors.ts';
import { computeSpendLogLikelihood, fitGammaGamma, predictSpend } from './gamma-gamma.ts';
import { predictLifetimeValue } from './lifetime-value.ts';
import { gammaDraw, seededRandom } from './simulate-histories.fixture.ts';

const parameters = { p: 6.25, q: 3.74, v: 15.4 };
const random = seededRandom(1);
const repeats = Array.from({ length: 600 }, () => Math.floor(6 * random()));
const spend = {
  repeats,
  meanSpend: repeats.map((count) => {
    const rate = gammaDraw(parameters.q, random) / parameters.v;
    return count === 0 ? 0 : gammaDraw(parameters.p * count, random) / (count * rate);
  }),
};

describe('Gamma-Gamma', () => {
  it('is at a maximum: no step in any direction explains the data better', () => {
    const model = fitGammaGamma(spend);
    expect(model.report.converged).toBe(true);
    for (const name of ['p', 'q', 'v'] as const) {
      for (const factor of [0.99, 1.01]) {
        const moved = { parameters: { ...model.parameters, [name]: model.parameters[name] * factor } };
        expect(computeSpendLogLikelihood(moved, spend)).toBeLessThan(model.logLikelihood);
      }
      expect(model.intervals?.[name].low).toBeLessThan(model.parameters[name]);
      expect(model.intervals?.[name].high).toBeGreaterThan(model.parameters[name]);
    }
  });

  it('pulls a customer towards the mean of all, less the more is known', () => {
    const all = (parameters.p * parameters.v) / (parameters.q - 1);
    const values = predictSpend({ parameters }, { repeats: [0, 1, 5, 1000], meanSpend: [0, 90, 90, 90] });
    expect(values[0]).toBeCloseTo(all, 12);
    expect(values[1]).toBeGreaterThan(all);
    expect(values[2]).toBeGreaterThan(values[1]);
    expect(values[3]).toBeCloseTo(90, 0);
  });

  it('does not care about the unit of money', () => {
    const cents = { repeats: spend.repeats, meanSpend: spend.meanSpend.map((value) => 100 * value) };
    const [one, other] = [fitGammaGamma(spend), fitGammaGamma(cents)];
    expect(other.parameters.p / one.parameters.p).toBeCloseTo(1, 8);
    expect(other.parameters.v / one.parameters.v).toBeCloseTo(100, 4);
  });

  it('refuses refunds, nonsense and too little by name', () => {
    expect(() => fitGammaGamma({ repeats: [1, 2], meanSpend: [5] })).toThrow(ShapeError);
    expect(() => fitGammaGamma({ repeats: [1, 2], meanSpend: [5, -3] })).toThrow(/meanSpend .* got -3 for customer 1/);
    expect(() => fitGammaGamma({ repeats: [1, -2], meanSpend: [5, 3] })).toThrow(/repeats .* got -2 for customer 1/);
    expect(() => fitGammaGamma({ repeats: [0, 1], meanSpend: [0, 3] })).toThrow(/at least 2 with repeats/);
    const fat = { parameters: { p: 2, q: 0.8, v: 10 } };
    expect(() => predictSpend(fat, { repeats: [0], meanSpend: [0] })).toThrow(/does not exist for customer 0/);
  });
});

describe('predictLifetimeValue', () => {
  const model = { kind: 'nbd', parameters: { r: 2, alpha: 10 } } as const;
  const histories = { repeats: [4, 0], recency: [15, 0], age: [20, 20] }; // 0.2 and 0.0667 purchases per week

  it('is the sum of discounted purchases times their value', () => {
    const options = { periods: 2, periodLength: 5, discountRate: 0.1 };
    const value = predictLifetimeValue(model, histories, [30, 6], options);
    expect(value[0]).toBeCloseTo(30 * (1 / 1.1 + 1 / 1.21), 10);
    expect(value[1]).toBeCloseTo((6 / 3) * (1 / 1.1 + 1 / 1.21), 10);
  });

  it('refuses options and values that mean nothing', () => {
    const options = { periods: 12, periodLength: 4.345, discountRate: 0.01 };
    expect(() => predictLifetimeValue(model, histories, [1], options)).toThrow(ShapeError);
    expect(() => predictLifetimeValue(model, histories, [1, Number.NaN], options)).toThrow(/spend .* for customer 1/);
    expect(() => predictLifetimeValue(model, histories, [1, 1], { ...options, periods: 0 })).toThrow(/periods/);
    expect(() => predictLifetimeValue(model, histories, [1, 1], { ...options, discountRate: -1 })).toThrow(DomainError);
  });
});
