import { describe, expect, it } from 'vitest';
import { DomainError } from '../errors.ts';
import { seededRandom } from '../numerics/random.ts';
import { fitPurchaseModel } from './fit-purchase-model.ts';
import { fitPurchaseGaps, type GapModel, predictReturn, predictReturnTime } from './purchase-gaps.ts';

const model: GapModel = { kind: 'gamma-gaps', version: 1, shape: 1, a: 2, b: 30, logLikelihood: 0, converged: true };
const histories = { gaps: [0, 3], gapSum: [0, 60], gapLogSum: [0, 9], open: [0, 10] };

describe('times between purchases', () => {
  it('follow Lomax where buying is random: survival is (b / (b + t))^a', () => {
    const [newcomer, known] = predictReturn(model, histories, 20);
    expect(newcomer).toBeCloseTo(1 - (30 / 50) ** 2, 10);
    expect(known).toBeCloseTo(1 - (100 / 120) ** 5, 10);
    const [median] = predictReturnTime(model, histories, { horizonMax: 1_000 });
    expect(median).toBeCloseTo(30 * (Math.SQRT2 - 1), 3);
    expect(predictReturnTime(model, histories, { horizonMax: 5 })[0]).toBe(Number.POSITIVE_INFINITY);
  });

  it('have the likelihood of the NBD where buying is random, and find regular buyers regular', () => {
    const random = seededRandom(5);
    const exponential = () => -Math.log(1 - random());
    const draw = (shape: number) => {
      const made = { gaps: [] as number[], gapSum: [] as number[], gapLogSum: [] as number[], open: [] as number[] };
      for (let customer = 0; customer < 1_500; customer++) {
        const rate = (exponential() + exponential() + exponential()) / 60;
        let [time, gaps, logs] = [0, 0, 0];
        for (;;) {
          let gap = 0;
          for (let k = 0; k < shape; k++) gap += exponential() / rate;
          if (time + gap > 200) break;
          time += gap;
          gaps++;
          logs += Math.log(gap);
        }
        made.gaps.push(gaps);
        made.gapSum.push(time);
        made.gapLogSum.push(logs);
        made.open.push(200 - time);
      }
      return made;
    };
    const random1 = draw(1);
    const fitted = fitPurchaseGaps(random1);
    expect(fitted.shape).toBeCloseTo(1, 1);
    expect(fitted.a).toBeGreaterThan(2.4);
    expect(fitted.a).toBeLessThan(3.8);
    const nbd = fitPurchaseModel(
      { repeats: random1.gaps, recency: random1.gapSum, age: random1.gaps.map(() => 200) },
      { kind: 'nbd' },
    );
    // One parameter more, at most a little better.
    expect(fitted.logLikelihood - (nbd.logLikelihood ?? 0)).toBeGreaterThan(-0.01);
    expect(fitted.logLikelihood - (nbd.logLikelihood ?? 0)).toBeLessThan(4);
    expect(fitPurchaseGaps(draw(4)).shape).toBeCloseTo(4, 0);
  });

  it('refuses a set in which nobody came back', () => {
    expect(() => fitPurchaseGaps({ gaps: [0], gapSum: [0], gapLogSum: [0], open: [3] })).toThrow(DomainError);
  });
});
