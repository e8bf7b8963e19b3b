import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { digamma, logBeta, logGamma } from './gamma.ts';
import { hypergeometric, logHypergeometric } from './hypergeometric.ts';
import { incompleteBeta, incompleteGamma } from './incomplete.ts';
import { normalProbability, normalQuantile } from './normal-quantile.ts';
import { putUnitHypergeometric } from './unit-hypergeometric.ts';

/** Reference values: mpmath 1.3 with 30 digits. */
const close = (value: number, reference: number, tolerance = 2e-13) =>
  expect(Math.abs(value - reference)).toBeLessThanOrEqual(tolerance * Math.max(1e-300, Math.abs(reference)));

describe('logGamma and digamma', () => {
  it('agree with references from 1e-5 to ten million', () => {
    const references: [number, number, number][] = [
      [1e-5, 11.512919692895826, -100000.57719921568],
      [0.1, 2.252712651734206, -10.423754940411078],
      [0.5, 0.5723649429247001, -1.9635100260214235],
      [1.5, -0.12078223763524522, 0.03648997397857652],
      [3.7, 1.4280723266653879, 1.1671535393615113],
      [12.5, 18.734347511936445, 2.485195651274912],
      [1000, 5905.220423209181, 6.907255195648812],
      [1e7, 151180949.3694739, 16.11809560095832],
    ];
    for (const [x, gamma, psi] of references) {
      close(logGamma(x), gamma, 1e-13);
      close(digamma(x), psi, 1e-12);
    }
  });

  it('follow the recurrences Γ(x+1) = xΓ(x) and ψ(x+1) = ψ(x) + 1/x', () => {
    for (let x = 0.03; x < 60; x *= 1.37) {
      expect(logGamma(x + 1) - logGamma(x)).toBeCloseTo(Math.log(x), 11);
      expect(digamma(x + 1) - digamma(x)).toBeCloseTo(1 / x, 11);
    }
    expect(Math.exp(logBeta(2, 3))).toBeCloseTo(1 / 12, 14);
  });

  it('say that there is nothing below zero', () => {
    expect(logGamma(-1.5)).toBeNaN();
    expect(digamma(0)).toBeNaN();
    expect(logGamma(0)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('incomplete gamma and beta', () => {
  it('agree with references', () => {
    close(incompleteGamma(0.5, 0.2), 0.4729107431344619);
    close(incompleteGamma(3, 2.5), 0.4561868841166705);
    close(incompleteGamma(10, 20), 0.9950045876916924);
    close(incompleteGamma(100, 80), 0.01710831303513311, 1e-12);
    close(incompleteBeta(0.2, 0.5, 0.5), 0.2951672353008665);
    close(incompleteBeta(0.7, 2, 5), 0.989065);
    close(incompleteBeta(0.01, 10, 0.3), 6.641843493938955e-22, 1e-12);
    close(incompleteBeta(0.9, 30, 4), 0.5769436641256925, 1e-12);
  });

  it('give the normal distribution and its quantiles', () => {
    expect(normalProbability(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(() => normalQuantile(1)).toThrow(/probability must be between 0 and 1, got 1/);
    expect(() => incompleteBeta(1.2, 1, 1)).toThrow(DomainError);
    expect(() => incompleteGamma(0, 1)).toThrow(DomainError);
  });
});

describe('hypergeometric', () => {
  it('agrees with references in every region it transforms', () => {
    const references: [number, number, number, number, number][] = [
      [0.3, 1.7, 2.1, 0.5, 1.1753636371131158],
      [2.24, 4.43, 5.2, 0.33, 2.124093983363673],
      [30, 5, 6.5, 0.7, 96707235961321.75],
      [1, 0.7, 1.9, 0.999, 3.4195752456791557],
      [0.5, 1.5, 1.2, -3, 0.43951349880748314],
      [1, 2.3, 3.1, 0.95, 5.9463436451919245],
      [1, 1, 2, 0.95, 3.1534023932147273],
      [-3, 2.2, 1.1, 0.97, 0.014058027649769598],
      [1.5, -0.4, 0.8, 0.2, 0.8355255777009615],
      [2, 3, 4, -0.9, 0.37027340815442894],
    ];
    for (const [a, b, c, z, value] of references) close(hypergeometric(a, b, c, z), value, 2e-12);
  });

  it('is its closed forms: logarithm and power', () => {
    for (const z of [-5, -0.7, 0.01, 0.6, 0.93]) {
      expect(hypergeometric(1, 1, 2, z)).toBeCloseTo(-Math.log1p(-z) / z, 12);
      expect(hypergeometric(0.4, 1.9, 1.9, z)).toBeCloseTo((1 - z) ** -0.4, 12);
    }
  });

  it('has a logarithm where the value itself is beyond all numbers', () => {
    close(logHypergeometric(2500.5, 2502, 2503, 0.5), 1732.521877434805, 1e-12);
    close(logHypergeometric(0.3, 1.7, 2.1, 0.5), 0.1615775781117031, 1e-12);
    expect(() => hypergeometric(2500.5, 2502, 2503, 0.5)).toThrow(/no finite value/);
  });

  it('refuses what has no value', () => {
    expect(() => hypergeometric(1, 1, 2, 1)).toThrow(/z must be below 1, got 1/);
    expect(() => hypergeometric(1, 1, -2, 0.5)).toThrow(/c must not be/);
    expect(() => hypergeometric(Number.NaN, 1, 2, 0.5)).toThrow(/finite/);
    expect(() => logHypergeometric(-1, 1, 2, 0.5)).toThrow(DomainError);
  });
});

describe('the hypergeometric function with first parameter 1', () => {
  it('has the value and slopes of the reference, by series and by quadrature', () => {
    const references: [number, number, number, number, number[]][] = [
      [0.6, 2.3, 0.3, 0.7, [1.0922500343703, 0.16367813963497, -0.04507982441186, 0.36514267383483]],
      [2.5, 4, 0.89, 0.11, [2.821684833562, 1.7032552198783, -1.2016120725745, 8.3063764452447]],
      [1.6, 1.84, 0.99, 0.01, [41.593684438011, 147.46462011336, -140.33982470894, 3210.676891099]],
      [1.6, 1.84, 0.9999, 1e-4, [1401.3542840116, 11254.214160099, -10991.711466773, 10657516.143257]],
      [2501, 2502.3, 0.95, 0.05, [19.805944369459, 0.14783621653588, -0.14775997661968, 392.10259554351]],
      [1.00002, 3.7, 0.999, 1e-3, [1.5860532921513, 0.92793100532106, -0.34268077730215, 2.1571965920605]],
      [1.6, 1.24, 0.99999, 1e-5, [5711024.8961599, 64441310.726074, -66528868.920193, 776698039320.96]],
    ];
    const into = { value: 0, inP: 0, inQ: 0, inZ: 0 };
    for (const [p, q, z, rest, [value, inP, inQ, inZ]] of references) {
      putUnitHypergeometric(into, p, q, z, rest);
      close(into.value, value, 1e-10);
      close(into.inP, inP, 1e-9);
      close(into.inQ, inQ, 1e-9);
      close(into.inZ, inZ, 1e-9);
    }
  });

  it('does not jump where series and quadrature meet', () => {
    const [below, above] = [0.9, 0.9 + 1e-12].map((z) => {
      const into = { value: 0, inP: 0, inQ: 0, inZ: 0 };
      putUnitHypergeometric(into, 1.6, 3.2, z, 1 - z);
      return into;
    });
    close(above.value, below.value, 1e-10);
    close(above.inP, below.inP, 1e-10);
    close(above.inQ, below.inQ, 1e-10);
  });
});
