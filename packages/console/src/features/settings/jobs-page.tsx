import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { jobsQuery } from '../../api/jobs.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Section } from '../../components/section.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { JobsTable } from './jobs-table.tsx';
import styles from './settings.module.css';

/** Work in the background: what runs, what failed, what comes regularly. */
export function JobsPage() {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const workspace = useWorkspace();
  const jobs = useInfiniteQuery(jobsQuery(workspace.id));
  const rows = jobs.data?.pages.flatMap((page) => page.rows) ?? [];
  const schedules = jobs.data?.pages[0]?.schedules ?? [];
  const failed = rows.filter((job) => job.state === 'failed').length;
  const busy = rows.filter((job) => ['created', 'retry', 'active'].includes(job.state)).length;
  const answer = !jobs.data
    ? undefined
    : failed > 0
      ? t('jobs.answerFailed', { count: failed, shown: formats.count(failed) })
      : busy > 0
        ? t('jobs.answerBusy', { count: busy, shown: formats.count(busy) })
        : t('jobs.answerQuiet');
  return (
    <>
      <PageHead title={t('jobs.title')} answer={answer} />
      <div className={styles.wide}>
        <Section flush title={t('jobs.list')} subtitle={t('jobs.listHelp')}>
          {jobs.isPending ? <TableSkeleton /> : null}
          {jobs.error && rows.length === 0 ? <ErrorState error={jobs.error} retry={() => void jobs.refetch()} /> : null}
          {jobs.data && rows.length === 0 ? (
            <EmptyState
              sentence={t('jobs.empty')}
              example={t('jobs.emptyExample')}
              action={
                <Link to="/w/$workspaceId/data/imports" params={{ workspaceId: String(workspace.id) }}>
                  <Button>{t('jobs.emptyAction')}</Button>
                </Link>
              }
            />
          ) : null}
          {rows.length > 0 ? <JobsTable jobs={rows} mayWrite={workspace.can('data:write')} /> : null}
          {jobs.hasNextPage ? (
            <div className={styles.more}>
              <Button onClick={() => void jobs.fetchNextPage()} loading={jobs.isFetchingNextPage}>
                {t('common:loadMore')}
              </Button>
            </div>
          ) : null}
        </Section>
        {schedules.length > 0 ? (
          <Section flush title={t('jobs.schedules')} subtitle={t('jobs.schedulesHelp')}>
            <Table
              rowKey="name"
              dataSource={schedules}
              pagination={false}
              size="middle"
              columns={[
                {
                  title: t('jobs.column.says'),
                  render: (_, row) => t(`jobs.schedule.${row.name}`, { defaultValue: row.says }),
                },
                { title: t('jobs.column.cron'), render: (_, row) => <code>{row.cron}</code> },
                { title: t('jobs.column.timeZone'), dataIndex: 'timeZone' },
              ]}
            />
          </Section>
        ) : null}
      </div>
    </>
  );
}
