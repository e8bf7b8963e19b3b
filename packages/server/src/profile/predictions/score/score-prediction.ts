import { randomBytes } from 'node:crypto';
import type { PredictionRun } from '@zhiyin/contract';
import { type ColumnBins, type FeatureTable, populationStability, stackTables } from '@zhiyin/learn';
import { currencyExponents } from '../../../domain/currencies.ts';
import type { Workspace } from '../../../domain/workspace.ts';
import type { EventStore } from '../../../storage/events/event-store.ts';
import { readFeatures } from '../../features/read-features.ts';
import { readPurchases } from '../../lifetime/read-purchases.ts';
import { openWords } from '../describe-features.ts';
import type { Definition, PredictionBundle } from '../prediction.ts';
import { readExtent } from '../read-extent.ts';
import { saveScoreTraits } from './save-score-traits.ts';
import { scoreBuyers } from './score-buyers.ts';
import { scorePage } from './score-page.ts';
import type { ScoredRow } from './scored-row.ts';

export type ScoreOptions = {
  readonly workspace: Pick<Workspace, 'id' | 'currency' | 'timeZone'>;
  readonly definition: Pick<Definition, 'id' | 'key' | 'kind' | 'horizonDays'>;
  readonly runId: number;
  readonly now: Date;
  readonly progress: (stage: string, done: number) => void;
};

export type ScoreSummary = Pick<PredictionRun, 'people' | 'meanScore' | 'histogram' | 'drift'> & {
  readonly at: string | null;
};

const pageRows = 10_000;
const driftRowsMax = 50_000;
const histogramSteps = 20;
/** Grow with every day by themselves: that they lie differently is no news. */
const grows: ReadonlySet<string> = new Set(['days_known', 'days_since_first_order']);

/** Scores everybody who is eligible now: rows with reasons first, then the traits that segments and journeys go by. */
export async function scorePrediction(
  events: EventStore,
  bundle: PredictionBundle,
  options: ScoreOptions,
): Promise<ScoreSummary> {
  const { workspace, definition, runId, now, progress } = options;
  const extent = await readExtent(events, workspace.id, now);
  if (!extent) return { at: null, people: 0, meanScore: null, histogram: [], drift: null };
  const at = extent.until;
  const attempt = randomBytes(4).toString('hex');
  const scores: number[] = [];
  const seen: FeatureTable[] = [];
  let seenRows = 0;
  const expected = Math.max(1, bundle.who.who === 'buyers' ? extent.buyers : extent.people);

  for await (const { rows, table } of scoreAll(events, bundle, workspace, at)) {
    await appendScores(events, options, rows, `prediction:${workspace.id}:${runId}:${attempt}:${scores.length}`);
    for (const { score } of rows) scores.push(score);
    if (table && seenRows < driftRowsMax) {
      seen.push(table);
      seenRows += table.rows;
    }
    progress('score', Math.min(0.95, scores.length / expected));
  }
  progress('save', 0.96);
  await saveScoreTraits(events, {
    workspace,
    definition,
    runId,
    at,
    exponent: currencyExponents.get(workspace.currency) ?? 2,
  });
  return {
    at: at.toISOString(),
    people: scores.length,
    meanScore: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
    histogram: toHistogram(scores),
    drift: measureDrift(bundle, seen, scores),
  };
}

async function* scoreAll(
  events: EventStore,
  bundle: PredictionBundle,
  workspace: ScoreOptions['workspace'],
  at: Date,
): AsyncIterable<{ rows: ScoredRow[]; table?: FeatureTable }> {
  if (bundle.learned.kind === 'lifetime' || bundle.learned.kind === 'gaps') {
    const rows = scoreBuyers(bundle, await readPurchases(events, workspace, at), at);
    for (let from = 0; from < rows.length; from += pageRows) yield { rows: rows.slice(from, from + pageRows) };
    return;
  }
  for await (const page of readFeatures(events, workspace.id, bundle.plan, { at, filter: bundle.who, pageRows })) {
    yield { rows: scorePage(bundle, page), table: page.table };
  }
}

async function appendScores(
  events: EventStore,
  { workspace, definition, runId, now }: ScoreOptions,
  rows: readonly ScoredRow[],
  token: string,
): Promise<void> {
  await events.append(
    'prediction_scores',
    rows.map(({ profileId, score, label, figures, reasons }) => ({
      workspace_id: workspace.id,
      prediction_id: definition.id,
      run_id: runId,
      profile_id: profileId,
      score,
      label,
      figures,
      reasons: JSON.stringify(reasons),
      scored_at: now.toISOString(),
      version: now.getTime(),
    })),
    token,
  );
}

function toHistogram(scores: readonly number[]): PredictionRun['histogram'] {
  if (scores.length === 0) return [];
  const sorted = Float64Array.from(scores).sort();
  const from = sorted[0]!;
  // The largest one in a hundred would push everybody else into the first step.
  const most = sorted[Math.floor(0.99 * (sorted.length - 1))]!;
  const to = most > from ? most : from + 1;
  const width = (to - from) / histogramSteps;
  const people = new Float64Array(histogramSteps);
  for (const score of scores) people[Math.min(histogramSteps - 1, Math.floor((score - from) / width))]! += 1;
  return Array.from(people, (count, step) => ({
    from: from + step * width,
    to: from + (step + 1) * width,
    people: count,
  }));
}

/** Which features lie differently over people than when the model was trained. */
function measureDrift(
  { spread, plan }: PredictionBundle,
  seen: readonly FeatureTable[],
  scores: readonly number[],
): PredictionRun['drift'] {
  if (scores.length === 0) return null;
  const wordsOf = openWords(plan);
  const table = seen.length > 0 ? stackTables(seen, 'measureDrift') : undefined;
  const indexOf = (bins: ColumnBins) => {
    const column = table?.columns.find(({ name }) => name === bins.name);
    return column
      ? [{ feature: bins.name, words: wordsOf(bins.name).words, index: populationStability(bins, column) }]
      : [];
  };
  return {
    score: spread.score
      ? populationStability(spread.score, { kind: 'number', name: 'score', values: Float64Array.from(scores) })
      : null,
    features: spread.features
      .filter(({ name }) => !grows.has(name))
      .flatMap(indexOf)
      .sort((a, b) => b.index - a.index)
      .slice(0, 10),
  };
}
