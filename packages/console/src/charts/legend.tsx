import type { ChartTheme } from './chart-theme.ts';
import styles from './charts.module.css';
import { getSeriesStyle } from './series-styles.ts';

/** `place` is the series' place among the colours; `fill` shows a block instead of a line. */
export type LegendEntry =
  | { readonly name: string; readonly place: number }
  | { readonly name: string; readonly fill: string; readonly pattern?: 'none' | 'lines' | 'dots' };

/** Names of series with the stroke or fill they are drawn with, for where they cannot stand at the lines. */
export function Legend({ entries, theme }: { readonly entries: readonly LegendEntry[]; readonly theme: ChartTheme }) {
  return (
    <ul className={styles.legend} aria-hidden="true">
      {entries.map((entry) => (
        <li key={entry.name}>
          {'place' in entry ? (
            <svg width="28" height="10" aria-hidden="true">
              <line
                x1="1"
                x2="27"
                y1="5"
                y2="5"
                stroke={theme.series[entry.place % theme.series.length]}
                strokeWidth="2"
                strokeDasharray={strokeOf(entry.place)}
              />
            </svg>
          ) : (
            <span className={styles.swatch} data-pattern={entry.pattern ?? 'none'} style={{ background: entry.fill }} />
          )}
          {entry.name}
        </li>
      ))}
    </ul>
  );
}

function strokeOf(place: number): string | undefined {
  const { dash } = getSeriesStyle(place);
  return dash === 'solid' ? undefined : dash.join(' ');
}
