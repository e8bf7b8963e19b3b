import type { Rfm } from '@zhiyin/contract';
import { Button, Segmented } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { buildTreemap } from '../../../charts/build-treemap.ts';
import { ChartCard, type ChartTools, type Drawing } from '../../../charts/chart-card.tsx';
import { type ChartPanel, numberOf, textOf } from '../../../charts/panel-values.ts';
import styles from '../customers.module.css';
import { useCustomerWords } from '../use-customer-words.ts';

/** Groups as tiles: as large as the people in them, as dark as what each of them spent. */
export function RfmTreemap({ rfm, open }: { rfm: Rfm; open: (group: string) => void }) {
  const { t, formats, groupName } = useCustomerWords();
  const [kind, setKind] = useState<'groups11' | 'groups8'>('groups11');
  const panel = useMemo<ChartPanel>(
    () => ({
      name: 'rfm',
      columns: [
        { key: 'group', type: 'text' },
        { key: 'people', type: 'number' },
        { key: 'share', type: 'rate' },
        { key: 'spent', type: 'money', currency: rfm.currency },
        { key: 'spentShare', type: 'rate' },
        { key: 'spentEach', type: 'money', currency: rfm.currency },
        { key: 'orders', type: 'number' },
        { key: 'recencyDays', type: 'number' },
      ],
      rows: rfm[kind]
        .filter(({ people }) => people > 0)
        .map((row) => ({
          group: groupName(row.group),
          people: row.people,
          share: row.share,
          spent: row.spentMinor,
          spentShare: row.spentShare,
          spentEach: Math.round(row.spentEachMinor),
          orders: Math.round(row.orders * 10) / 10,
          recencyDays: Math.round(row.recencyDays),
        })),
      query: rfm.query,
      asOf: rfm.at,
    }),
    [rfm, kind, groupName],
  );
  const build = useCallback(
    (data: ChartPanel, tools: ChartTools): Drawing => {
      const most = Math.max(1, ...data.rows.map((row) => numberOf(row, 'spentEach') ?? 0));
      return {
        option: buildTreemap(
          data.rows.map((row) => {
            const people = numberOf(row, 'people') ?? 0;
            const [share, spentShare] = [numberOf(row, 'share') ?? 0, numberOf(row, 'spentShare') ?? 0];
            return {
              name: textOf(row, 'group'),
              value: people,
              label: tools.formats.count(people),
              // The square root keeps the middle apart: a few spend very much.
              shade: Math.sqrt(Math.max(0, numberOf(row, 'spentEach') ?? 0) / most),
              tooltip: t('treemap.tooltip', {
                group: textOf(row, 'group'),
                people: tools.formats.count(people),
                share: tools.formats.rate(share, 0),
                spentShare: tools.formats.rate(spentShare, 0),
                each: tools.formats.money(numberOf(row, 'spentEach') ?? 0, rfm.currency),
                days: tools.formats.count(numberOf(row, 'recencyDays') ?? 0),
              }),
            };
          }),
          tools.theme,
        ),
        height: tools.isNarrow ? 420 : 360,
      };
    },
    [t, rfm.currency],
  );
  return (
    <ChartCard
      title={t('treemap.title')}
      subtitle={t('treemap.subtitle', { count: rfm.people, value: formats.count(rfm.people) })}
      query={{ data: panel, error: null, isPlaceholderData: false, refetch: () => undefined }}
      heading={(key) => t(`heading.${key}`)}
      build={build}
      height={360}
      empty={t('overview.empty')}
      footnote={
        <>
          <Segmented
            value={kind}
            onChange={setKind}
            options={[
              { value: 'groups11', label: t('treemap.eleven') },
              { value: 'groups8', label: t('treemap.eight') },
            ]}
          />
          {kind === 'groups11' && (
            <fieldset className={styles.groups} aria-label={t('treemap.open')}>
              {rfm.groups11
                .filter(({ people }) => people > 0)
                .map(({ group, people }) => (
                  <Button key={group} size="small" onClick={() => open(group)}>
                    {`${groupName(group)} · ${formats.count(people)}`}
                  </Button>
                ))}
            </fieldset>
          )}
        </>
      }
    />
  );
}
