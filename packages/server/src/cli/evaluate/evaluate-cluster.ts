import {
  assignClusters,
  chooseClusterCount,
  computeSilhouette,
  fitKMeans,
  fitScaling,
  type Points,
  scalePoints,
} from '@zhiyin/learn';
import { AppError } from '../../domain/app-error.ts';
import { cellsOf, readRawTable } from './read-features.ts';

export type ClusterOptions = {
  readonly data: string;
  /** A number, or undefined to choose. */
  readonly k: number | undefined;
  readonly columns: readonly string[];
  readonly scale: string;
  readonly restarts: number;
  readonly seed: number;
};

const scales = ['none', 'z', 'log-z', 'auto'] as const;

/** K-means of the numeric columns of a file. */
export async function evaluateCluster(options: ClusterOptions): Promise<Record<string, number | string | null>> {
  if (!scales.some((scale) => scale === options.scale)) {
    throw invalid('--scale', `must be one of ${scales.join(', ')}, got ${options.scale}`);
  }
  const raw = await readPoints(options.data, options.columns);
  const points =
    options.scale === 'none'
      ? raw.points
      : scalePoints(
          raw.points,
          fitScaling(raw.points, options.scale === 'z' ? 'none' : options.scale === 'log-z' ? 'all' : 'auto'),
        );
  if (options.k !== undefined && options.k > points.rows) {
    throw invalid('--k', `must be at most the number of rows ${points.rows}, got ${options.k}`);
  }
  const chosen = options.k === undefined ? chooseClusterCount(points, { seed: options.seed }) : undefined;
  const k = options.k ?? chosen?.k ?? 1;
  const start = performance.now();
  const model = fitKMeans(points, { k, seed: options.seed, restarts: options.restarts });
  const seconds = (performance.now() - start) / 1000;
  const clusters = assignClusters(model, points);
  return {
    task: 'cluster',
    k,
    inertia: model.inertia,
    silhouette: k > 1 ? computeSilhouette(points, clusters, { seed: options.seed }) : null,
    seconds,
    iterations: model.iterations,
    rows: points.rows,
    columns: raw.names.join(','),
    sizes: [...model.sizes].sort((a, b) => b - a).join(','),
    peakRssMb: process.resourceUsage().maxRSS / 1024,
    ...Object.fromEntries(
      (chosen?.reports ?? []).flatMap((report) => [
        [`silhouette.k${report.k}`, report.silhouette],
        [`gap.k${report.k}`, report.gap],
        [`stability.k${report.k}`, report.stability],
      ]),
    ),
  };
}

async function readPoints(
  path: string,
  columns: readonly string[],
): Promise<{ readonly points: Points; readonly names: readonly string[] }> {
  const raw = await readRawTable(path);
  const missing = columns.find((name) => !raw.header.includes(name));
  if (missing !== undefined)
    throw invalid('--columns', `${path} has no column ${missing}; it has ${raw.header.join(', ')}`);
  const isNumeric = (name: string) => cellsOf(raw, name).every((cell) => cell !== '' && Number.isFinite(Number(cell)));
  const isName = (name: string) => /^(id|.*_id|cust|customer|user|key)$/i.test(name);
  const names = columns.length > 0 ? columns : raw.header.filter((name) => !isName(name) && isNumeric(name));
  if (names.length === 0) throw invalid('--data', `${path} has no column in which every cell is a number`);
  const values = new Float64Array(raw.rows.length * names.length);
  names.forEach((name, column) => {
    cellsOf(raw, name).forEach((cell, row) => {
      const value = cell === '' ? Number.NaN : Number(cell);
      if (!Number.isFinite(value))
        throw invalid(`${path}:${row + 2}`, `${name} must be a number, got ${cell || 'an empty cell'}`);
      values[row * names.length + column] = value;
    });
  });
  return { points: { rows: raw.rows.length, dimensions: names.length, values }, names };
}

function invalid(field: string, what: string): AppError {
  return new AppError('input.invalid', `${field}: ${what}`, { details: { field, fix: what } });
}
