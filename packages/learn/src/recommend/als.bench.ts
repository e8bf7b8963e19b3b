import { openKernels } from '@zhiyin/kernels';
import type { Measurement } from '../measurement.ts';
import { type AlsOptions, als } from './als.ts';
import { historyOf, type Interactions } from './interactions.ts';
import { drawLike, hasSplit, readSplit, type splitSizes } from './published-splits.fixture.ts';

/**
 * CPU seconds over all threads per iteration, the median. Bounds are those of a C++ library on the same kind of machine; with 256
 * factors it took 2.6 on gowalla, which has two thirds of yelp2018's entries.
 */
export function benchAls(): Measurement[] {
  using kernels = openKernels({ threads: 2 });
  const perIteration = (name: keyof typeof splitSizes, options: AlsOptions, bound: number): Measurement => {
    const { data, label } = dataOf(name);
    const laps: number[] = [];
    let last = cpuSeconds();
    const progress = () => {
      const now = cpuSeconds();
      laps.push(now - last);
      last = now;
    };
    als.fit({ interactions: data }, { ...options, iterations: 5 }, { kernels, seed: 1, progress });
    const value = laps.sort((a, b) => a - b)[2];
    return {
      name: `als: ${label}, ${options.factors} factors, one iteration`,
      value,
      unit: 'CPU s',
      bound: `<= ${bound} CPU s`,
      passed: value <= bound,
    };
  };
  return [
    perIteration('ml1m', { factors: 64, unobservedWeight: 0.3, regularisation: 0.01 }, 0.25),
    perIteration('yelp2018', { factors: 64, unobservedWeight: 0.01, regularisation: 0.003 }, 0.7),
    perIteration('yelp2018', { factors: 256, unobservedWeight: 0.03, regularisation: 0.003 }, 4),
  ];
}

/** A newcomer's scores: one exact solve, and a product with all items. */
export function benchAlsFoldIn(): Measurement[] {
  using kernels = openKernels({ threads: 2 });
  const { data, label } = dataOf('ml1m');
  const model = als.fit({ interactions: data }, { factors: 64, iterations: 2 }, { kernels, seed: 1 });
  const histories = Array.from({ length: 2000 }, (_, user) => historyOf({ interactions: data }, user));
  const scores = new Float32Array(model.items);
  const single = measured(() => {
    for (const history of histories.slice(0, 300)) als.scoreInto(model, history, scores);
  });
  const many = measured(() => {
    kernels.scope(() => {
      const block = kernels.float32(250 * model.items);
      for (let from = 0; from < 2000; from += 250) {
        als.scoreManyInto?.(model, histories.slice(from, from + 250), block, kernels);
      }
    });
  });
  return [
    { name: `als: ${label}, one person folded in and scored, plain`, value: (single / 300) * 1e3, unit: 'CPU ms' },
    { name: `als: ${label}, the same in blocks of 250 on kernels`, value: (many / 2000) * 1e3, unit: 'CPU ms' },
  ];
}

function dataOf(name: keyof typeof splitSizes): { data: Interactions; label: string } {
  return hasSplit(name)
    ? { data: readSplit(name).train, label: name }
    : { data: drawLike(name), label: `random data like ${name} (skipped: data not present)` };
}

function measured(work: () => void): number {
  work();
  const start = cpuSeconds();
  work();
  return cpuSeconds() - start;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
