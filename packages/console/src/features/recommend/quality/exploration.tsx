import { useQuery } from '@tanstack/react-query';
import type { RangeQuery, RecommendExploration } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { recommendExplorationQuery } from '../../../api/recommend-quality.ts';
import { Instant } from '../../../components/instant.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { IntervalBar } from '../interval-bar.tsx';
import styles from '../recommend.module.css';

type Explored = RecommendExploration['surfaces'][number];
type Props = {
  readonly range: RangeQuery;
  readonly surface: string | undefined;
  readonly nameOf: (surface: string) => string;
};

/** What trying cost on each surface, and what it found. Nothing was tried: nothing is shown. */
export function Exploration({ range, surface, nameOf }: Props) {
  const { id } = useWorkspace();
  const explored = useQuery(recommendExplorationQuery(id, { ...range, ...(surface ? { surface } : {}) }));
  return (
    <QueryState query={explored} loading={<TableSkeleton rows={5} />}>
      {({ surfaces }) =>
        surfaces
          .filter((one) => one.tried.shown > 0)
          .toSorted((a, b) => b.tried.shown - a.tried.shown)
          .map((one) => <OneSurface key={one.surface} explored={one} name={nameOf(one.surface)} />)
      }
    </QueryState>
  );
}

function OneSurface({ explored, name }: { readonly explored: Explored; readonly name: string }) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const { tried, ranked, cost, items, features, method } = explored;
  const most = Math.max(0.01, tried.rate.high, ranked.rate.high, ...items.map(({ rate }) => Math.min(1, rate.high)));
  const isSure = cost.low > 0 || cost.high < 0;
  const finding = !isSure ? 'unsure' : cost.value > 0 ? 'cost' : 'gain';
  const whole = (value: number) => formats.count(Math.round(Math.abs(value)));
  return (
    <Section
      title={t(`tries.${finding}`, { surface: name, cost: whole(cost.value) })}
      subtitle={t('tries.subtitle', {
        method: t(`balance.explorationMethod.${method}`),
        budget: formats.rate(explored.budget),
        spent: formats.rate(explored.spent, 1),
        low: formats.count(Math.round(cost.low)),
        high: formats.count(Math.round(cost.high)),
      })}
      flush
    >
      <Table
        size="small"
        rowKey="itemId"
        scroll={{ x: 640 }}
        pagination={items.length > 10 ? { pageSize: 10, showSizeChanger: false } : false}
        dataSource={[
          { itemId: '\0ranked', name: t('tries.ranked'), ...ranked, share: null },
          { itemId: '\0tried', name: t('tries.tried'), ...tried, share: null },
          ...items,
        ]}
        columns={[
          {
            title: t('tries.item'),
            render: (_, row) => (row.itemId.startsWith('\0') ? <b>{row.name}</b> : row.name || row.itemId),
          },
          { title: t('tries.shown'), align: 'right', render: (_, row) => formats.count(row.shown) },
          { title: t('tries.rewarded'), align: 'right', render: (_, row) => formats.count(row.rewarded) },
          { title: t('tries.rate'), render: (_, row) => <IntervalBar rate={row.rate} most={most} /> },
          ...(method === 'thompson'
            ? [
                {
                  title: t('tries.share'),
                  render: (_: unknown, row: Explored['items'][number]) =>
                    row.share === null ? (
                      ''
                    ) : (
                      <span className="tabular">
                        <span className={styles.shareTrack} aria-hidden="true">
                          <span style={{ width: `${100 * row.share}%` }} />
                        </span>
                        {formats.rate(row.share)}
                      </span>
                    ),
                },
              ]
            : []),
        ]}
      />
      {method === 'linucb' && features.length > 0 && (
        <p className={styles.actions}>
          {t('tries.features', {
            features: features
              .filter(({ name: feature }) => feature !== 'always')
              .toSorted((a, b) => b.weight - a.weight)
              .slice(0, 3)
              .map(({ name: feature }) => t(`tries.feature.${feature}`))
              .join(t('comma')),
          })}
        </p>
      )}
      {explored.learnedAt !== null && (method === 'thompson' || method === 'linucb') && (
        <p className={styles.actions}>
          <span className={styles.small}>
            {t('tries.learned')} <Instant at={explored.learnedAt} />
          </span>
        </p>
      )}
    </Section>
  );
}
