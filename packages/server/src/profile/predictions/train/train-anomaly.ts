import type { PredictionCard } from '@zhiyin/contract';
import { computeAuc, fitIsolationForest, type Points, scoreAnomaly } from '@zhiyin/learn';
import { readAllFeatures } from '../../features/read-features.ts';
import { anomalyFeatures, fitAnomalyScaling, judgeByRules, toPoints } from '../anomaly.ts';
import { openWords } from '../describe-features.ts';
import { say } from '../prediction.ts';
import { measureSpread } from '../spread.ts';
import { emptyCard } from './empty-card.ts';
import { Refusal } from './refusal.ts';
import type { Learning, TrainTask } from './train-prediction.ts';
import { quantile } from './train-yes-no.ts';

const peopleMin = 200;

/**
 * Who behaves like nobody else. Nothing is known of who really cheats, so nothing can be backtested; said is how far two forests of
 * other random cuts agree, and how far the plain rules (many payments or orders within a day, many devices, most of it refunded) agree
 * with the forest.
 */
export async function trainAnomaly(task: TrainTask): Promise<Learning> {
  const { events, workspaceId, plan, extent, definition, progress, share, seed } = task;
  const startedAt = performance.now();
  const { table } = await readAllFeatures(events, workspaceId, plan, {
    at: extent.until,
    filter: { ...definition.who, share },
  });
  if (table.rows < peopleMin) throw new Refusal(say('few_people', { found: table.rows, needed: peopleMin }));
  progress('fit', 0.4);
  const scaling = fitAnomalyScaling(table);
  const points = toPoints(scaling, table);
  const options = { trees: 200, sampleSize: 512 };
  const forest = fitIsolationForest(points, { seed, ...options });
  const scores = scoreAnomaly(forest, points);
  progress('test', 0.7);
  const again = scoreAnomaly(fitIsolationForest(points, { seed: seed + 1, ...options }), points);
  const sorted = scores.toSorted();
  const threshold = quantile(sorted, 0.99);
  const ruled = judgeByRules(table).map((rules) => (rules.length > 0 ? 1 : 0));
  const flagged = ruled.filter(Boolean).length;
  const agreement = flagged > 0 && flagged < table.rows ? computeAuc(scores, Uint8Array.from(ruled)).auc : null;
  const card: PredictionCard = {
    ...emptyCard,
    method: 'isolation-forest',
    baseline: 'rules',
    earnsItsPlace: true,
    verdict: say('anomaly', {
      people: table.rows,
      flagged,
      overlap: shareOfSameTop(scores, again),
      ...(agreement === null ? {} : { agreement }),
    }),
    data: {
      cuts: [{ at: extent.until.toISOString(), people: table.rows, positives: flagged }],
      people: table.rows,
      features: scaling.features.length,
      share,
    },
    effects: scaling.features.map((feature) => ({
      feature,
      ...openWords(plan)(feature),
      importance: 0,
      dependence: [],
    })),
    limits: [say('no_truth'), ...(share < 1 ? [say('sampled', { share })] : [])],
    levels: { high: threshold, medium: quantile(sorted, 0.95) },
    fitSeconds: (performance.now() - startedAt) / 1_000,
  };
  const sample = sampleOf(points, 512);
  return {
    card,
    bundle: {
      learned: {
        kind: 'anomaly',
        forest,
        scaling: { ...scaling, sample: sample.values, sampleRows: sample.rows, threshold },
      },
      levels: card.levels,
      spread: measureSpread(
        { rows: table.rows, columns: table.columns.filter(({ name }) => anomalyFeatures.includes(name)) },
        scores,
      ),
    },
    serves: true,
  };
}

/** Of the hundredth that scores highest in one, the share that does in the other. */
function shareOfSameTop(one: Float64Array, other: Float64Array): number {
  const top = (scores: Float64Array) => {
    const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]! || a - b);
    return new Set(order.subarray(0, Math.max(1, Math.round(order.length / 100))));
  };
  const [first, second] = [top(one), top(other)];
  return [...first].filter((row) => second.has(row)).length / first.size;
}

function sampleOf({ values, rows, dimensions }: Points, most: number): { values: Float64Array; rows: number } {
  const taken = Math.min(rows, most);
  const sample = new Float64Array(taken * dimensions);
  for (let i = 0; i < taken; i += 1) {
    const row = Math.floor((i * rows) / taken);
    for (let column = 0; column < dimensions; column += 1) {
      sample[i * dimensions + column] = values[row * dimensions + column]!;
    }
  }
  return { values: sample, rows: taken };
}
