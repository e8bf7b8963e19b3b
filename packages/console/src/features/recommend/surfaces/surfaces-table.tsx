import { Link } from '@tanstack/react-router';
import type { RecommendQuality, RecommendStatus, Surface } from '@zhiyin/contract';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { Count } from '../../../components/count.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { StateTag } from '../../../components/state-tag.tsx';
import { ChainPicture } from '../chain-picture.tsx';
import { IntervalBar } from '../interval-bar.tsx';
import styles from '../recommend.module.css';
import { sumOutcomes } from '../sum-outcomes.ts';
import { useModelWords } from '../use-model-words.ts';
import { useSurfaceName } from '../use-surface-name.ts';

type Props = {
  readonly surfaces: readonly Surface[];
  readonly status: RecommendStatus | undefined;
  readonly quality: RecommendQuality | undefined;
};

/** One row a surface: its chain drawn, its rate of clicks on one scale with the others'. */
export function SurfacesTable({ surfaces, status, quality }: Props) {
  const { t } = useTranslation('recommend');
  const { modelName } = useModelWords();
  const nameOf = useSurfaceName(surfaces);
  if (surfaces.length === 0) return <EmptyState sentence={t('surfaces.empty')} />;
  const rows = surfaces.map((surface) => ({ surface, outcomes: sumOutcomes(quality?.rows ?? [], surface.surface) }));
  const most = Math.max(0.01, ...rows.map(({ outcomes }) => outcomes.clickRate?.high ?? 0));
  const servedBy = (surface: Surface) => {
    const usesModel = surface.chain.some((method) => !['popular', 'new'].includes(method));
    if (!usesModel) return t('surfaces.rulesOnly');
    return status?.model ? modelName(status.model.kind) : t('surfaces.noModel');
  };
  return (
    <Table
      rowKey={({ surface }) => surface.surface}
      dataSource={rows}
      pagination={false}
      scroll={{ x: 980 }}
      columns={[
        {
          title: t('surfaces.column.surface'),
          render: (_, { surface }) => (
            <div className={styles.name}>
              <Link
                to="/w/$workspaceId/recommend/surfaces/$surface"
                params={((before: object) => ({ ...before, surface: surface.surface })) as never}
              >
                <b>{nameOf(surface.surface)}</b>
              </Link>
              <span className={`${styles.small} ${styles.mono}`}>{surface.surface}</span>
            </div>
          ),
        },
        {
          title: t('surfaces.column.state'),
          render: (_, { surface }) =>
            surface.enabled ? (
              <StateTag tone="good">{t('surfaces.on')}</StateTag>
            ) : (
              <StateTag tone="plain">{t('surfaces.off')}</StateTag>
            ),
        },
        { title: t('surfaces.column.chain'), render: (_, { surface }) => <ChainPicture chain={surface.chain} /> },
        { title: t('surfaces.column.model'), render: (_, { surface }) => servedBy(surface) },
        {
          title: t('surfaces.column.clicked'),
          render: (_, { outcomes }) =>
            outcomes.clickRate ? (
              <IntervalBar rate={outcomes.clickRate} most={most} />
            ) : (
              <span className={styles.small}>{t('surfaces.neverShown')}</span>
            ),
        },
        {
          title: t('surfaces.column.answers'),
          align: 'right',
          render: (_, { surface }) => <Count value={surface.answers7d} />,
        },
        {
          title: t('surfaces.column.experiment'),
          render: (_, { surface }) =>
            surface.experiment ? (
              <StateTag tone="busy">{surface.experiment.name}</StateTag>
            ) : (
              <span className="faint">–</span>
            ),
        },
      ]}
    />
  );
}
