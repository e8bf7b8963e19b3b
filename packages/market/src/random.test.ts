import { describe, expect, it } from 'vitest';
import { Random, stream, streamKey, uniformAt } from './random.ts';

describe('Random', () => {
  it('gives the same numbers for the same key and others for another name', () => {
    const draw = (name: string) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.bits()
        )(stream(7, name)),
      );
    expect(draw('visit')).toEqual(draw('visit'));
    expect(draw('visit')).not.toEqual(draw('order'));
  });

  it('starts again from the key after a reset, whatever was drawn before', () => {
    const random = new Random().reset(streamKey(1, 'a'), 2, 3);
    const first = [random.normal(), random.uniform()];
    random.normal();
    random.reset(streamKey(1, 'a'), 2, 3);
    expect([random.normal(), random.uniform()]).toEqual(first);
  });

  it('has the means and spreads of the distributions it names', () => {
    const random = stream(1, 'moments');
    const mean = (draw: () => number) => Array.from({ length: 40_000 }, draw).reduce((sum, x) => sum + x, 0) / 40_000;
    expect(mean(() => random.uniform())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.normal() ** 2)).toBeCloseTo(1, 1);
    expect(mean(() => random.gamma(0.6, 2))).toBeCloseTo(1.2, 1);
    expect(mean(() => random.beta(1, 4))).toBeCloseTo(0.2, 1);
    expect(mean(() => random.poisson(2.5)) / 2.5).toBeCloseTo(1, 1);
    expect(mean(() => random.poisson(80)) / 80).toBeCloseTo(1, 1);
    expect(mean(() => random.gumbel())).toBeCloseTo(0.5772, 1);
    expect(mean(() => random.weighted([1, 3]))).toBeCloseTo(0.75, 1);
  });

  it('answers single questions evenly over neighbouring people and days', () => {
    let sum = 0;
    for (let person = 0; person < 200; person++) for (let day = 0; day < 200; day++) sum += uniformAt(9, person, day);
    expect(sum / 40_000).toBeCloseTo(0.5, 2);
  });

  it('refuses to pick from nothing', () => {
    expect(() => stream(1, 'x').pick([])).toThrow('the list is empty');
  });
});
