import { useQuery } from '@tanstack/react-query';
import type { Segment } from '@zhiyin/contract';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { segmentSizeQuery } from '../../../api/segments.ts';
import { buildTrend } from '../../../charts/build-trend.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { formatPeriod } from '../../../charts/format-date.ts';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { lastDays, today } from '../../../components/range.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';

const days = 90;

/** People in the segment at the end of each day. */
export function SizeChart({ segment }: { readonly segment: Segment }) {
  const { t } = useTranslation('segments');
  const workspace = useWorkspace();
  const size = useQuery(segmentSizeQuery(workspace.id, segment.id, lastDays(days, today(workspace.timeZone))));
  const build = useCallback(
    (panel: ChartPanel, tools: ChartTools): Drawing => ({
      option: buildTrend(
        {
          periods: panel.rows.map((row) => textOf(row, 'day')),
          series: [{ name: t('size.people'), values: panel.rows.map((row) => numberOf(row, 'people')), isArea: true }],
          formatPeriod: (day) => formatPeriod(day, 'day', tools.formats.locale),
          formatValue: (value) => tools.formats.count(value),
          formatAxis: (value) => tools.formats.compact(value),
          isNarrow: tools.isNarrow,
        },
        tools.theme,
      ),
      height: 220,
    }),
    [t],
  );
  return (
    <ChartCard
      title={t('size.title')}
      subtitle={t('size.subtitle', { days })}
      query={size}
      heading={(key) => t(`size.${key}`)}
      build={build}
      height={220}
      empty={t('size.empty')}
    />
  );
}
