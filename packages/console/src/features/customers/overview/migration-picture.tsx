import { useQuery } from '@tanstack/react-query';
import { type RfmGroup11, type RfmMigration, rfmGroups11 } from '@zhiyin/contract';
import { Segmented } from 'antd';
import { useCallback, useMemo } from 'react';
import { rfmMigrationQuery } from '../../../api/customers.ts';
import { buildSankey } from '../../../charts/build-sankey.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useCustomerWords } from '../use-customer-words.ts';

type Bundle = 'good' | 'coming' | 'watch' | 'gone' | 'none';
/** Eleven to eleven is a tangle: four bundles that a marketer acts on alike, and who was or is no customer. */
const bundleOf: Readonly<Record<RfmGroup11 | '', Bundle>> = {
  champions: 'good',
  loyal: 'good',
  potential_loyalists: 'coming',
  new_customers: 'coming',
  promising: 'coming',
  need_attention: 'watch',
  about_to_sleep: 'watch',
  cannot_lose: 'watch',
  at_risk: 'watch',
  hibernating: 'gone',
  lost: 'gone',
  '': 'none',
};
const bundles: readonly Bundle[] = ['good', 'coming', 'watch', 'gone', 'none'];
const steps = [30, 90, 180, 365] as const;

/** Where people were so many days ago, and where they are now. */
export function MigrationPicture({ back, setBack }: { back: number; setBack: (days: number) => void }) {
  const { t, formats, groupName } = useCustomerWords();
  const workspace = useWorkspace();
  const from = useMemo(() => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10), [back]);
  const migration = useQuery(rfmMigrationQuery(workspace.id, from));
  const panel = useMemo<ChartPanel | undefined>(() => migration.data && toPanel(migration.data), [migration.data]);
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing | null => {
      const flows = new Map<string, number>();
      for (const row of data.rows) {
        const key = `${bundleOf[textOf(row, 'from') as RfmGroup11]} ${bundleOf[textOf(row, 'to') as RfmGroup11]}`;
        flows.set(key, (flows.get(key) ?? 0) + (numberOf(row, 'people') ?? 0));
      }
      if (flows.size === 0) return null;
      const colours = [...tools.theme.series.slice(0, 4), tools.theme.line];
      const nodesOf = (side: 0 | 1) =>
        bundles.flatMap((key, place) => {
          const people = [...flows].reduce(
            (sum, [pair, value]) => sum + (pair.split(' ')[side] === key ? value : 0),
            0,
          );
          const name = `${t(`bundle.${key === 'none' ? (side === 0 ? 'notYet' : 'noMore') : key}`)} ${tools.formats.compact(people)}`;
          return people > 0 ? [{ key, name, colour: colours[place] ?? tools.theme.line }] : [];
        });
      return {
        option: buildSankey(
          {
            left: nodesOf(0),
            right: nodesOf(1),
            flows: [...flows].map(([pair, value]) => {
              const [was = '', is = ''] = pair.split(' ');
              const say = (key: string, none: string) => t(`bundle.${key === 'none' ? none : key}`);
              return {
                from: was,
                to: is,
                value,
                tooltip: t('migration.tooltip', {
                  from: say(was, 'notYet'),
                  to: say(is, 'noMore'),
                  people: tools.formats.count(value),
                }),
              };
            }),
          },
          tools.theme,
        ),
        height: 340,
      };
    },
    [t],
  );
  const fell = panel ? countMoves(panel, ['good'], ['watch', 'gone']) : 0;
  const rose = panel ? countMoves(panel, ['coming', 'watch', 'gone'], ['good']) : 0;
  return (
    <ChartCard
      title={t('migration.title', { rose: formats.count(rose), fell: formats.count(fell) })}
      subtitle={t('migration.subtitle', { day: formats.date(from) })}
      query={{
        data: panel,
        error: migration.error,
        isPlaceholderData: migration.isPlaceholderData,
        refetch: migration.refetch,
      }}
      heading={(key) => t(`heading.${key}`)}
      word={(key, value) => (key === 'from' || key === 'to' ? groupName(value as RfmGroup11) : value)}
      build={build}
      height={340}
      empty={t('migration.empty')}
      footnote={
        <Segmented
          value={back}
          onChange={setBack}
          options={steps.map((days) => ({ value: days, label: t('migration.back', { count: days }) }))}
        />
      }
    />
  );
}

function toPanel(migration: RfmMigration): ChartPanel {
  const order = [...rfmGroups11, ''];
  return {
    name: 'rfm-migration',
    columns: [
      { key: 'from', type: 'text' },
      { key: 'to', type: 'text' },
      { key: 'people', type: 'number' },
    ],
    rows: migration.moves
      .toSorted((a, b) => order.indexOf(a.from) - order.indexOf(b.from) || order.indexOf(a.to) - order.indexOf(b.to))
      .map(({ from, to, people }) => ({ from, to, people })),
    query: migration.query,
    asOf: migration.to,
  };
}

const countMoves = (panel: ChartPanel, from: readonly Bundle[], to: readonly Bundle[]): number =>
  panel.rows
    .filter(
      (row) =>
        from.includes(bundleOf[textOf(row, 'from') as RfmGroup11]) &&
        to.includes(bundleOf[textOf(row, 'to') as RfmGroup11]),
    )
    .reduce((sum, row) => sum + (numberOf(row, 'people') ?? 0), 0);
