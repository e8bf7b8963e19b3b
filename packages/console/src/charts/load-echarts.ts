type Parts = typeof import('./echarts-parts.ts');

let loading: Promise<Parts> | undefined;

/** Fetches ECharts when the first chart is about to appear; a failed download is tried again with the next. */
export function loadEcharts(): Promise<Parts> {
  loading ??= import('./echarts-parts.ts').catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
