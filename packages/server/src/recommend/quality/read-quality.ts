import type { RecommendQuality, RecommendQualityQuery, RecommendQualityRow } from '@zhiyin/contract';
import { startOfDay } from '../../domain/calendar.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { type CalibrationRow, calibrationQuestion } from './calibration.ts';
import { findDrift } from './find-drift.ts';
import { type ListRow, listsQuestion } from './lists.ts';
import { type OutcomeRow, outcomesQuestion } from './outcomes.ts';
import type { QualityRange } from './shown-sql.ts';
import { wilsonInterval } from './wilson-interval.ts';

const timeoutMs = 60_000;

/** Live outcomes by surface, model version and arm: what was shown, clicked and bought, and what the lists were like. */
export async function readQuality(
  stores: Stores,
  workspace: Workspace,
  query: RecommendQualityQuery,
  now: Date = new Date(),
): Promise<RecommendQuality> {
  const range: QualityRange = {
    from: startOfDay(query.from, workspace.timeZone),
    to: startOfDay(query.to, workspace.timeZone),
    surface: query.surface ?? '',
    windowHours: query.windowHours,
    zone: workspace.timeZone,
  };
  const [outcomes, lists, calibration] = await Promise.all([
    stores.events.read<OutcomeRow>(workspace.id, outcomesQuestion(range), { timeoutMs }),
    stores.events.read<ListRow>(workspace.id, listsQuestion(range), { timeoutMs }),
    stores.events.read<CalibrationRow>(workspace.id, calibrationQuestion(range), { timeoutMs }),
  ]);
  const rows = [...Map.groupBy(outcomes.rows, (row) => `${keyOf(row)}\0${row.model}\0${row.experiment}`).values()].map(
    (group) =>
      toRow(
        group,
        lists.rows.find((list) => keyOf(list) === keyOf(group[0]!)),
        calibration.rows.filter((one) => keyOf(one) === keyOf(group[0]!)),
      ),
  );
  return {
    rows,
    days: sumDays(outcomes.rows),
    alarms: findDrift(rows),
    queries: [
      { name: 'recommend-outcomes', statement: outcomes.statement, elapsedMs: outcomes.elapsedMs },
      { name: 'recommend-lists', statement: lists.statement, elapsedMs: lists.elapsedMs },
      { name: 'recommend-calibration', statement: calibration.statement, elapsedMs: calibration.elapsedMs },
    ],
    asOf: now.toISOString(),
  };
}

const keyOf = (row: { surface: string; model_version: string; arm: string }): string =>
  `${row.surface}\0${row.model_version}\0${row.arm}`;

function toRow(
  group: readonly OutcomeRow[],
  list: ListRow | undefined,
  calibration: readonly CalibrationRow[],
): RecommendQualityRow {
  const first = group[0]!;
  const sum = (column: keyof OutcomeRow) => group.reduce((total, row) => total + Number(row[column]), 0);
  const answers = sum('answers');
  const catalogueItems = Number(list?.catalogue_items ?? 0);
  return {
    surface: first.surface,
    model: first.model,
    modelVersion: first.model_version,
    experiment: first.experiment,
    arm: first.arm,
    answers,
    itemsShown: sum('items_shown'),
    clicks: sum('clicks'),
    conversions: sum('conversions'),
    revenueMinor: sum('revenue'),
    clickRate: wilsonInterval(sum('answers_clicked'), answers),
    conversionRate: wilsonInterval(sum('answers_bought'), answers),
    coverage: catalogueItems === 0 ? 0 : Math.min(1, Number(list?.different_items ?? 0) / catalogueItems),
    diversity: finiteOrNull(list?.diversity),
    popularity: finiteOrNull(list?.popularity),
    calibrationError: calibrationError(calibration),
  };
}

function finiteOrNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || !Number.isFinite(Number(value)) ? null : Number(value);
}

/** Scores are no probabilities: scaled so that their mean is the mean rate, do higher ones get more clicks by as much? */
function calibrationError(groups: readonly CalibrationRow[]): number | null {
  const shown = groups.reduce((sum, group) => sum + Number(group.shown), 0);
  const clicked = groups.reduce((sum, group) => sum + Number(group.clicked), 0);
  const scores = groups.reduce((sum, group) => sum + Number(group.score_sum), 0);
  if (shown === 0 || scores <= 0) return null;
  return groups.reduce((sum, group) => {
    const predicted = (Number(group.score_sum) / scores) * clicked;
    return sum + Math.abs(predicted - Number(group.clicked)) / shown;
  }, 0);
}

function sumDays(rows: readonly OutcomeRow[]): RecommendQuality['days'] {
  return [...Map.groupBy(rows, (row) => `${row.day}\0${row.surface}`).values()].map((group) => ({
    day: group[0]!.day,
    surface: group[0]!.surface,
    answers: group.reduce((sum, row) => sum + Number(row.answers), 0),
    clicks: group.reduce((sum, row) => sum + Number(row.clicks), 0),
    conversions: group.reduce((sum, row) => sum + Number(row.conversions), 0),
  }));
}
