import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { OverviewExtent } from '@zhiyin/contract';
import { Button, Segmented, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { overviewExtentQuery } from '../../api/overview.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { RangePicker } from '../../components/range-picker.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useLanguage } from '../../i18n/use-language.ts';
import { ActivityChart } from './activity-chart.tsx';
import { describeOverview } from './describe-overview.ts';
import { FunnelChart } from './funnel-chart.tsx';
import { KeyFigures } from './key-figures.tsx';
import styles from './overview.module.css';
import { ChannelsChart, EventsChart, ProductsChart } from './ranking-charts.tsx';
import { RetentionChart } from './retention-chart.tsx';
import { RevenueChart } from './revenue-chart.tsx';
import { type Granularity, useOverview } from './use-overview.ts';

/** How the brand is doing: one sentence, five numbers, and the pictures behind them. */
export function OverviewPage() {
  const { id } = useWorkspace();
  const extent = useQuery(overviewExtentQuery(id));
  return (
    <QueryState query={extent} loading={<PageSkeleton />}>
      {(data) => (data.events === 0 ? <NoEvents /> : <Filled extent={data} />)}
    </QueryState>
  );
}

function Filled({ extent }: { readonly extent: OverviewExtent }) {
  const { t } = useTranslation('overview');
  const locale = useLanguage();
  const overview = useOverview(extent);
  const { summary, range, setRange, lastDay, granularity, setGranularity } = overview;
  const answer = summary.data ? (
    describeOverview({ summary: summary.data, range, lastDay, firstDay: overview.firstDay, locale })
      .map(({ key, values }) => t(`sentence.${key}`, values))
      .join('') + t('sentence.end')
  ) : summary.error ? undefined : (
    <span className={styles.answerWait} />
  );
  return (
    <>
      <PageHead
        title={t('title')}
        answer={answer}
        actions={
          <>
            <Segmented<Granularity>
              aria-label={t('granularity.label')}
              value={granularity}
              onChange={setGranularity}
              options={(['day', 'week', 'month'] as const).map((value) => ({
                value,
                label: t(`granularity.${value}`),
              }))}
            />
            <RangePicker range={range} setRange={setRange} lastDay={lastDay} />
          </>
        }
      />
      <div className={styles.page}>
        <KeyFigures overview={overview} />
        <div className={styles.wide}>
          <RevenueChart overview={overview} />
          <ActivityChart overview={overview} />
        </div>
        <div className={styles.wide}>
          <FunnelChart overview={overview} />
          <ProductsChart overview={overview} />
        </div>
        <RetentionChart overview={overview} />
        <div className={styles.wide}>
          <ChannelsChart overview={overview} />
          <EventsChart overview={overview} />
        </div>
      </div>
    </>
  );
}

function NoEvents() {
  const { t } = useTranslation('overview');
  return (
    <>
      <PageHead title={t('title')} />
      <Section label={t('title')}>
        <EmptyState
          sentence={t('empty.sentence')}
          example={t('empty.example')}
          action={
            <Space wrap>
              <Link to="/w/$workspaceId/data/sources" params={true as never}>
                <Button type="primary">{t('empty.source')}</Button>
              </Link>
              <Link to="/w/$workspaceId/data/imports" params={true as never}>
                <Button>{t('empty.import')}</Button>
              </Link>
            </Space>
          }
        />
      </Section>
    </>
  );
}
