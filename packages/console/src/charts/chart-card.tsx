import { Modal } from 'antd';
import type { EChartsCoreOption } from 'echarts/core';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeClipboard } from '../components/copy-text.tsx';
import { ErrorState } from '../components/error-state.tsx';
import { Section } from '../components/section.tsx';
import { ChartSkeleton } from '../components/skeletons.tsx';
import { useNotice } from '../components/use-notice.tsx';
import { type Formats, useFormats } from '../format/use-formats.ts';
import { ChartCanvas } from './chart-canvas.tsx';
import { type ChartAction, ChartMenu } from './chart-menu.tsx';
import type { ChartTheme } from './chart-theme.ts';
import styles from './charts.module.css';
import { drawPicture } from './draw-picture.ts';
import type { Chart } from './echarts-parts.ts';
import { formatCsv, formatTsv } from './format-csv.ts';
import { Legend, type LegendEntry } from './legend.tsx';
import { PanelTable, SpokenTable } from './panel-table.tsx';
import type { ChartPanel } from './panel-values.ts';
import { QueryView } from './query-view.tsx';
import { csvFile, saveFile } from './save-file.ts';
import { useChartTheme } from './use-chart-theme.ts';
import { useWidth } from './use-width.ts';

export type ChartTools = {
  readonly theme: ChartTheme;
  readonly formats: Formats;
  /** Under 480 px: no room for names at the ends of lines. */
  readonly isNarrow: boolean;
};
export type Drawing = {
  readonly option: EChartsCoreOption;
  readonly height: number;
  readonly legend?: readonly LegendEntry[];
};

type Props = {
  /** The finding, or the question the chart answers. */
  readonly title: string;
  /** Measure, unit, period and n. */
  readonly subtitle: string;
  readonly query: {
    readonly data: ChartPanel | undefined;
    readonly error: Error | null;
    /** The rows of another range are shown until these come. */
    readonly isPlaceholderData: boolean;
    readonly refetch: () => unknown;
  };
  readonly heading: (key: string) => string;
  readonly word?: (key: string, value: string) => string;
  /** Keep it stable (useCallback): the chart is drawn anew when it changes. Null says that there is nothing to draw. */
  readonly build: (panel: ChartPanel, tools: ChartTools) => Drawing | null;
  /** Shown in place of a chart without data: one sentence and what to do. */
  readonly empty: ReactNode;
  readonly height?: number;
  readonly footnote?: ReactNode;
};

/** A chart with everything around it: what it says, its table, its query, and its ways out. */
export function ChartCard(props: Props) {
  const { title, subtitle, query, heading, word, build, empty, height = 280, footnote } = props;
  const { t } = useTranslation('charts');
  const formats = useFormats();
  const theme = useChartTheme();
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const width = useWidth(place);
  const [opened, setOpened] = useState<'table' | 'query' | null>(null);
  const notice = useNotice();

  const isNarrow = width > 0 && width < 480;
  const panel = query.data;
  const drawing = useMemo(
    () => (panel === undefined || panel.rows.length === 0 ? null : build(panel, { theme, formats, isNarrow })),
    [panel, build, theme, formats, isNarrow],
  );

  const copy = (text: string) =>
    writeClipboard(text).then(
      () => notice.done(t('copied')),
      () => notice.failed(new Error(t('copyFailed'))),
    );
  const act = (action: ChartAction) => {
    if (panel === undefined) return;
    const fileName = `${title} ${formats.date(panel.asOf.slice(0, 10))}`;
    if (action === 'table' || action === 'query') setOpened(action);
    else if (action === 'copy') void copy(formatTsv(panel, heading));
    else if (action === 'csv') saveFile(`${fileName}.csv`, csvFile(formatCsv(panel, heading)));
    else if (chart.current !== null) {
      const caption = {
        title,
        subtitle,
        legend: drawing?.legend ?? [],
        source: t('source', { at: formats.exact(panel.asOf) }),
      };
      drawPicture(chart.current, caption, theme).then(
        (picture) => saveFile(`${fileName}.png`, picture),
        () => notice.failed(new Error(t('pictureFailed'))),
      );
    }
  };

  return (
    <Section
      title={title}
      // Without rows there is no n and no unit to name yet.
      subtitle={panel === undefined ? undefined : subtitle}
      actions={
        <ChartMenu
          title={title}
          hasPicture={drawing !== null}
          hasQuery={panel?.query !== undefined}
          isDisabled={panel === undefined}
          onAction={act}
        />
      }
    >
      <div
        ref={place}
        className={styles.body}
        aria-busy={panel === undefined || query.isPlaceholderData}
        data-stale={query.isPlaceholderData}
      >
        {query.error !== null && panel === undefined ? (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        ) : panel === undefined ? (
          <ChartSkeleton height={height} />
        ) : drawing === null ? (
          <div className={styles.empty} style={{ minHeight: height }}>
            {empty}
          </div>
        ) : (
          <>
            {drawing.legend && <Legend entries={drawing.legend} theme={theme} />}
            <ChartCanvas option={drawing.option} width={width} height={drawing.height} chartRef={chart} />
            <SpokenTable panel={panel} heading={heading} word={word} caption={`${title}. ${subtitle}`} />
          </>
        )}
      </div>
      {footnote && <p className={styles.footnote}>{footnote}</p>}
      {panel !== undefined && (
        <Modal
          open={opened !== null}
          onCancel={() => setOpened(null)}
          footer={null}
          width={opened === 'table' ? 960 : 760}
          title={title}
          destroyOnHidden
        >
          <p className={styles.subtitle}>{subtitle}</p>
          {opened === 'table' && <PanelTable panel={panel} heading={heading} word={word} />}
          {opened === 'query' && panel.query && (
            <QueryView query={panel.query} asOf={panel.asOf} onCopy={(text) => void copy(text)} />
          )}
        </Modal>
      )}
    </Section>
  );
}
