import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { customerPanelQuery } from '../../../api/customers.ts';
import { barRowHeight, buildBars } from '../../../charts/build-bars.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, currencyOf, numberOf } from '../../../charts/panel-values.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useCustomerWords } from '../use-customer-words.ts';

/** How unevenly money comes in: tenths of the customers, and the share of all revenue each of them brought. */
export function ValueChart() {
  const { t, formats } = useCustomerWords();
  const workspace = useWorkspace();
  const value = useQuery(customerPanelQuery(workspace.id, 'value'));
  const build = useCallback(
    (panel: ChartPanel, tools: ChartTools): Drawing => {
      const currency = currencyOf(panel);
      const money = (row: ChartPanel['rows'][number], key: string) =>
        tools.formats.moneyCompact(numberOf(row, key) ?? 0, currency);
      return {
        option: buildBars(
          {
            bars: panel.rows.map((row) => ({
              name: t('value.tenth', { tenth: numberOf(row, 'tenth') ?? 0 }),
              value: numberOf(row, 'share') ?? 0,
              label: tools.formats.rate(numberOf(row, 'share') ?? 0, 0),
              aside: t('value.range', { least: money(row, 'least'), most: money(row, 'most') }),
            })),
            nameWidth: 84,
            labelWidth: tools.isNarrow ? 110 : 190,
          },
          tools.theme,
        ),
        height: panel.rows.length * barRowHeight + 8,
      };
    },
    [t],
  );
  const [first] = value.data?.rows ?? [];
  const people = (value.data?.rows ?? []).reduce((sum, row) => sum + (numberOf(row, 'people') ?? 0), 0);
  return (
    <ChartCard
      title={first ? t('value.finding', { share: formats.rate(numberOf(first, 'share') ?? 0, 0) }) : t('value.title')}
      subtitle={t('value.subtitle', { count: people, value: formats.count(people) })}
      query={value}
      heading={(key) => t(`heading.${key}`)}
      build={build}
      height={330}
      empty={t('overview.empty')}
    />
  );
}
