import type { EChartsCoreOption } from 'echarts/core';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { ChartSkeleton } from '../components/skeletons.tsx';
import styles from './charts.module.css';
import type { Chart } from './echarts-parts.ts';
import { loadEcharts } from './load-echarts.ts';

type Props = {
  readonly option: EChartsCoreOption;
  readonly width: number;
  readonly height: number;
  /** Where the drawn chart is found for export as a picture. */
  readonly chartRef: RefObject<Chart | null>;
};

/** One drawing. Hidden from screen readers: the card beside it carries the same numbers as a table. */
export function ChartCanvas({ option, width, height, chartRef }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [isReady, setReady] = useState(false);
  const [failure, setFailure] = useState<Error | null>(null);

  useEffect(() => {
    let isGone = false;
    loadEcharts().then(
      ({ init }) => {
        if (isGone || place.current === null) return;
        chartRef.current = init(place.current, undefined, { renderer: 'canvas' });
        setReady(true);
      },
      (error: Error) => !isGone && setFailure(error),
    );
    return () => {
      isGone = true;
      chartRef.current?.dispose();
      chartRef.current = null;
    };
  }, [chartRef]);

  useEffect(() => {
    if (isReady) chartRef.current?.setOption(option, { notMerge: true });
  }, [isReady, option, chartRef]);

  useEffect(() => {
    if (isReady && width > 0) chartRef.current?.resize({ width, height, animation: { duration: 0 } });
  }, [isReady, width, height, chartRef]);

  if (failure) throw failure; // the nearest error boundary says what to do
  return (
    <div aria-hidden="true" style={{ position: 'relative', height }}>
      <div ref={place} style={{ width: width || '100%', height }} />
      {!isReady && (
        <div className={styles.coming}>
          <ChartSkeleton height={height - 40} />
        </div>
      )}
    </div>
  );
}
