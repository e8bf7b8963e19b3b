import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Training } from '@zhiyin/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { jobsQuery } from '../../../api/jobs.ts';
import { isTraining, trainingsQuery, useStartTraining } from '../../../api/recommend-models.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { PageHead } from '../../../components/page-head.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { Section } from '../../../components/section.tsx';
import { TableSkeleton } from '../../../components/skeletons.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../recommend.module.css';
import { RunningTraining } from './running-training.tsx';
import { TrainingsTable } from './trainings-table.tsx';
import { WeightsEditor } from './weights-editor.tsx';

/** When models are learned: the run under way, those before, the schedule, and a button to do it now. */
export function TrainingPage() {
  const { t } = useTranslation('recommend');
  const workspace = useWorkspace();
  const trainings = useQuery(trainingsQuery(workspace.id));
  const start = useStartTraining(workspace.id);
  const notice = useNotice();
  const running = trainings.data?.find(isTraining);
  const mayWrite = workspace.can('data:write');
  const button = mayWrite && (
    <Button
      type="primary"
      disabled={running !== undefined || trainings.data === undefined}
      loading={start.isPending}
      onClick={() =>
        start.mutate(undefined, { onSuccess: () => notice.done(t('training.started')), onError: notice.failed })
      }
    >
      {t('training.start')}
    </Button>
  );
  return (
    <>
      <PageHead title={t('training.title')} answer={useAnswer(trainings.data)} actions={button || undefined} />
      <div className={styles.stack}>
        {running && <RunningTraining training={running} before={trainings.data ?? []} mayWrite={mayWrite} />}
        <Schedule />
        <WeightsEditor />
        <Section title={t('training.list')} subtitle={t('training.listHelp')} flush>
          <QueryState query={trainings} loading={<TableSkeleton rows={5} />}>
            {(rows) =>
              rows.length === 0 ? (
                <EmptyState sentence={t('training.empty')} example={t('training.emptyExample')} action={button} />
              ) : (
                <TrainingsTable trainings={rows} />
              )
            }
          </QueryState>
        </Section>
      </div>
    </>
  );
}

/** When it happens by itself, from the schedules of the workspace. */
function Schedule() {
  const { t } = useTranslation('recommend');
  const { id } = useWorkspace();
  const jobs = useInfiniteQuery(jobsQuery(id));
  const schedules = (jobs.data?.pages[0]?.schedules ?? []).filter(({ name }) => name.startsWith('recommend'));
  if (schedules.length === 0) return null;
  return (
    <div className={styles.notice} data-tone="plain">
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {schedules.map((schedule) => (
          <li key={schedule.name} title={`${schedule.cron} ${schedule.timeZone}`}>
            {t(`schedule.${schedule.name.replaceAll('-', '_')}`, { defaultValue: schedule.says })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function useAnswer(trainings: readonly Training[] | undefined): string | undefined {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  if (!trainings || trainings.length === 0) return undefined;
  const [latest] = trainings;
  if (latest && isTraining(latest)) return t('training.answerRunning');
  const failed = latest?.state === 'failed';
  const done = trainings.find((training) => training.state === 'done');
  if (failed) return t(done ? 'training.answerFailed' : 'training.answerFailedFirst');
  if (!done?.endedAt) return t('training.answerNone');
  return t('training.answer', { ago: formats.relative(done.endedAt), version: done.modelVersion ?? '–' });
}
