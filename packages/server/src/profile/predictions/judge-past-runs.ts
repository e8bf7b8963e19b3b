import type { Realised } from '@zhiyin/contract';
import { computeCalibration, evaluateClassifier } from '@zhiyin/learn';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Stores } from '../../storage/stores.ts';
import { actions, outcomeParameters, outcomesSql } from './labels.ts';
import { getDefinition } from './manage-predictions.ts';
import { type Definition, isYesNo } from './prediction.ts';
import { listUnjudged, saveRealised } from './prediction-runs.ts';

type Row = { score: number; label: string; outcome: string; came: number };

/** Once a horizon is over: what was foretold then, against what came. */
export async function judgePastRuns(
  stores: Pick<Stores, 'control' | 'events'>,
  workspaceId: WorkspaceId,
  predictionId: number,
  now: Date,
): Promise<number> {
  const definition = await getDefinition(stores.control, workspaceId, predictionId);
  if (definition.kind === 'anomaly') return 0;
  const horizonMs = definition.horizonDays * 86_400_000;
  const runs = await listUnjudged(stores.control, workspaceId, predictionId, new Date(now.getTime() - horizonMs));
  for (const run of runs) {
    const until = new Date(run.at.getTime() + horizonMs);
    const { rows } = await stores.events.read<Row>(
      workspaceId,
      {
        name: 'prediction-realised',
        parameters: { ...outcomeParameters(definition, run.at, until), prediction: predictionId, run: run.id },
        sql: `SELECT scores.score AS score, toString(scores.label) AS label, came.outcome AS outcome, came.profile_id != 0 AS came
              FROM (SELECT profile_id, score, label FROM @prediction_scores
                    WHERE prediction_id = {prediction:UInt32} AND run_id = {run:UInt32}
                    ORDER BY cityHash64(profile_id) LIMIT 20000) AS scores
              LEFT JOIN (${outcomesSql(definition)}) AS came ON came.profile_id = scores.profile_id`,
      },
      { timeoutMs: 600_000 },
    );
    await saveRealised(stores.control, workspaceId, run.id, judge(definition, rows));
  }
  return runs.length;
}

export function judge({ kind }: Pick<Definition, 'kind'>, rows: readonly Row[]): Realised {
  const people = rows.length;
  const came = rows.map((row) => Number(row.came) === 1);
  const truth = Uint8Array.from(rows, (row, i) => {
    if (kind === 'churn') return came[i] ? 0 : 1;
    if (kind === 'next_category') return came[i] && row.outcome === row.label ? 1 : 0;
    if (kind === 'next_action') return actions[came[i] ? Number(row.outcome) : 0] === row.label ? 1 : 0;
    return came[i] ? 1 : 0;
  });
  const scores = Float64Array.from(rows, (row) => row.score);
  const positives = truth.reduce((sum, one) => sum + one, 0);
  const predicted = scores.reduce((sum, one) => sum + one, 0) / Math.max(1, people);
  if (kind === 'lifetime_value') {
    const amounts = rows.map((row, i) => (came[i] ? Number(row.outcome) : 0));
    return {
      people,
      positives,
      auc: null,
      aucInterval: null,
      brier: null,
      error: amounts.reduce((sum, amount, i) => sum + Math.abs(amount - scores[i]!), 0) / Math.max(1, people),
      predicted,
      observed: amounts.reduce((sum, amount) => sum + amount, 0) / Math.max(1, people),
      calibration: [],
    };
  }
  const both = positives > 0 && positives < people;
  const report = both && (isYesNo(kind) || kind === 'next_purchase') ? evaluateClassifier(scores, truth) : undefined;
  return {
    people,
    positives,
    auc: report?.auc ?? null,
    aucInterval: report ? { low: report.aucInterval[0], high: report.aucInterval[1] } : null,
    brier: report?.brier ?? null,
    error: null,
    predicted,
    observed: positives / Math.max(1, people),
    calibration: people > 0 ? [...computeCalibration(scores, truth)] : [],
  };
}
