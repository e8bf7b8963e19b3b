import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { customerPanelQuery } from '../../../api/customers.ts';
import { buildHeatMap } from '../../../charts/build-heat-map.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useCustomerWords } from '../use-customer-words.ts';

const cohortsMax = 12;

/** Customers by the month of their first order: how many of them buy again in each month after it. */
export function CohortsChart() {
  const { t, formats } = useCustomerWords();
  const workspace = useWorkspace();
  const cohorts = useQuery(customerPanelQuery(workspace.id, 'cohorts'));
  const build = useCallback(
    (panel: ChartPanel, tools: ChartTools): Drawing | null => {
      const monthsMax = tools.isNarrow ? 5 : 9;
      const sizes = new Map(panel.rows.map((row) => [textOf(row, 'cohort'), numberOf(row, 'size') ?? 0]));
      const shown = [...sizes.keys()].toSorted().slice(-cohortsMax);
      const cells = panel.rows.filter((row) => {
        const month = numberOf(row, 'month') ?? 0;
        return month > 0 && month <= monthsMax && shown.includes(textOf(row, 'cohort'));
      });
      if (cells.length === 0) return null;
      const months = Math.max(...cells.map((row) => numberOf(row, 'month') ?? 0));
      const monthOf = (cohort: string) => cohort.slice(0, 7);
      return {
        option: buildHeatMap(
          {
            columns: Array.from({ length: months }, (_, month) => t('cohorts.month', { month: month + 1 })),
            rows: shown.map((cohort) => `${monthOf(cohort)} · ${tools.formats.compact(sizes.get(cohort) ?? 0)}`),
            cells: cells.map((row) => ({
              x: (numberOf(row, 'month') ?? 1) - 1,
              y: shown.indexOf(textOf(row, 'cohort')),
              rate: numberOf(row, 'rate') ?? 0,
              tooltip: t('cohorts.tooltip', {
                cohort: monthOf(textOf(row, 'cohort')),
                month: numberOf(row, 'month') ?? 0,
                people: tools.formats.count(numberOf(row, 'people') ?? 0),
                rate: tools.formats.rate(numberOf(row, 'rate') ?? 0),
              }),
            })),
            formatRate: (rate) => tools.formats.rate(rate, 0),
            rowWidth: 104,
            isNarrow: false,
          },
          tools.theme,
        ),
        height: 32 + shown.length * 28,
      };
    },
    [t],
  );
  const next = (cohorts.data?.rows ?? []).filter((row) => numberOf(row, 'month') === 1);
  const asked = next.reduce((sum, row) => sum + (numberOf(row, 'size') ?? 0), 0);
  const came = next.reduce((sum, row) => sum + (numberOf(row, 'people') ?? 0), 0);
  return (
    <ChartCard
      title={asked > 0 ? t('cohorts.finding', { rate: formats.rate(came / asked, 0) }) : t('cohorts.title')}
      subtitle={t('cohorts.subtitle')}
      query={cohorts}
      heading={(key) => t(`heading.${key}`)}
      build={build}
      height={330}
      empty={t('cohorts.empty')}
    />
  );
}
