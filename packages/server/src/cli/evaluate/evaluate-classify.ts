import { chooseClassifier, classifierNames, evaluateClassifier, predictProbability } from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { cellsOf, type RawTable, readRawTable, toFeatures } from './read-features.ts';

/** `auto` may also stack them. */
export const classifyModels = classifierNames.filter((name) => name !== 'stack');

export type ClassifyOptions = {
  readonly train: string;
  readonly test: string;
  readonly label: string;
  readonly without: readonly string[];
  readonly model: string;
  readonly seed: number;
  readonly timeBudgetSeconds: number | undefined;
};

/** Learning wants more; a backtest on a file may show what happens with less. */
const rowsPerClassMin = 20;

/** Fits on one file and measures on the other. `auto` compares kinds on held-out parts of the training file; the test file is only measured. */
export async function evaluateClassify(options: ClassifyOptions): Promise<Record<string, number | string | null>> {
  if (options.model !== 'auto' && !classifyModels.some((name) => name === options.model)) {
    throw invalid('--model', `must be auto or one of ${classifyModels.join(', ')}, got ${options.model}`);
  }
  const train = await readRawTable(options.train);
  const test = await readRawTable(options.test);
  for (const raw of [train, test]) {
    if (!raw.header.includes(options.label)) {
      throw invalid('--label', `${raw.path} has no column ${options.label}; it has ${raw.header.join(', ')}`);
    }
  }
  for (const name of options.without) {
    if (!train.header.includes(name)) throw invalid('--without', `${train.path} has no column ${name}`);
  }
  const positive = findPositive(train, options.label);
  const labelsOf = (raw: RawTable) =>
    Uint8Array.from(cellsOf(raw, options.label), (cell) => (cell === positive ? 1 : 0));
  const [trainTable, testTable] = toFeatures(train, test, [options.label, ...options.without]);

  const start = performance.now();
  const names = options.model === 'auto' ? classifierNames : classifyModels.filter((name) => name === options.model);
  const chosen = chooseClassifier(trainTable, labelsOf(train), {
    seed: options.seed,
    rowsPerClassMin,
    names,
    ...(options.timeBudgetSeconds === undefined ? {} : { timeBudgetMs: options.timeBudgetSeconds * 1000 }),
  });
  if (chosen.kind === 'refused') {
    throw invalid(
      '--label',
      `${train.path} has ${chosen.found} rows of the ${chosen.reason === 'few_positives' ? `label ${positive}` : 'other label'}, at least ${chosen.needed} are needed`,
    );
  }
  const fitSeconds = (performance.now() - start) / 1000;
  const report = evaluateClassifier(predictProbability(chosen.model, testTable), labelsOf(test));
  return {
    task: 'classify',
    model: chosen.name,
    positive,
    auc: report.auc,
    aucLow: report.aucInterval[0],
    aucHigh: report.aucInterval[1],
    logLoss: report.logLoss,
    brier: report.brier,
    calibrationError: report.calibrationError,
    averagePrecision: report.averagePrecision,
    liftTopTenth: report.liftTopTenth,
    trainRows: trainTable.rows,
    testRows: report.rows,
    testPositives: report.positives,
    fitSeconds,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    suspectedLeaks: chosen.leaks.map((leak) => leak.feature).join(',') || null,
    ...Object.fromEntries(chosen.candidates.map((one) => [`validationLogLoss.${one.name}`, one.report.logLoss])),
  };
}

/** `1`, `yes`, `true` and the like; otherwise the rarer of the two values. */
function findPositive(raw: RawTable, label: string): string {
  const counts = new Map<string, number>();
  for (const cell of cellsOf(raw, label)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  if (counts.size !== 2) {
    const shown = [...counts.keys()].slice(0, 5).join(', ');
    throw invalid('--label', `${raw.path}: column ${label} must hold two values, it holds ${counts.size} (${shown})`);
  }
  const values = [...counts.keys()];
  const known = values.find((value) => /^(1|yes|true|y|t|是)$/i.test(value));
  return known ?? values.sort((a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0))[0] ?? '';
}

function invalid(field: string, what: string): AppError {
  return new AppError('input.invalid', `${field}: ${what}`, { details: { field, fix: what } });
}
