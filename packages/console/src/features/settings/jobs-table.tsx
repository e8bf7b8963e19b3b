import type { Job } from '@zhiyin/contract';
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { estimateLeftMs } from '../../api/job-progress.ts';
import { useJobCommand } from '../../api/jobs.ts';
import { Instant } from '../../components/instant.tsx';
import { StateTag, type StateTone } from '../../components/state-tag.tsx';
import { useConfirm } from '../../components/use-confirm.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';
import { sayJobSubject } from './say-job-subject.ts';
import styles from './settings.module.css';

const tones: Readonly<Record<Job['state'], StateTone>> = {
  created: 'plain',
  retry: 'caution',
  active: 'busy',
  completed: 'good',
  cancelled: 'plain',
  failed: 'bad',
};

export function JobsTable({ jobs, mayWrite }: { jobs: readonly Job[]; mayWrite: boolean }) {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const workspace = useWorkspace();
  const order = useJobCommand(workspace.id);
  const confirm = useConfirm();
  const notice = useNotice();
  const nameOf = (job: Job) => t(`jobs.name.${job.name}`, { defaultValue: job.name });
  const cancel = (job: Job) =>
    confirm({
      title: t('jobs.cancelTitle', { name: nameOf(job) }),
      consequence: t('jobs.cancelConsequence', { subject: sayJobSubject(job.subject, t) || nameOf(job) }),
      action: t('jobs.cancelAction'),
      run: () => order.mutateAsync({ jobId: job.id, verb: 'cancel' }).catch(notice.failed),
    });
  return (
    <Table
      rowKey="id"
      dataSource={jobs as Job[]}
      pagination={false}
      size="middle"
      scroll={{ x: 640 }}
      columns={[
        {
          title: t('jobs.column.job'),
          render: (_, job) => (
            <div className={styles.who}>
              <strong>{nameOf(job)}</strong>
              {job.subject ? <span className="faint">{sayJobSubject(job.subject, t)}</span> : null}
              {job.error && job.state !== 'completed' ? <span className={styles.error}>{job.error}</span> : null}
            </div>
          ),
        },
        {
          title: t('jobs.column.state'),
          render: (_, job) => (
            <div className={styles.who}>
              <span>
                <StateTag tone={tones[job.state]}>{t(`jobs.state.${job.state}`)}</StateTag>
              </span>
              {job.state === 'retry' ? (
                <span className="faint">
                  {t('jobs.attempt', { attempt: job.attempts, most: job.attemptsMax })}
                  {job.nextAttemptAt ? <Next at={job.nextAttemptAt} /> : null}
                </span>
              ) : null}
              {job.state === 'active' && job.progress ? <Progressed job={job} /> : null}
            </div>
          ),
        },
        { title: t('jobs.column.created'), render: (_, job) => <Instant at={job.createdAt} /> },
        {
          title: t('jobs.column.took'),
          align: 'right',
          render: (_, job) =>
            job.startedAt && (job.endedAt || job.state === 'active')
              ? formats.duration((job.endedAt ? Date.parse(job.endedAt) : Date.now()) - Date.parse(job.startedAt))
              : '–',
        },
        {
          key: 'actions',
          align: 'right',
          render: (_, job) =>
            !mayWrite ? null : job.state === 'failed' || job.state === 'cancelled' ? (
              <Button
                size="small"
                onClick={() => order.mutate({ jobId: job.id, verb: 'retry' }, { onError: notice.failed })}
              >
                {t('jobs.retry')}
              </Button>
            ) : job.state === 'completed' ? null : (
              <Button size="small" type="text" danger onClick={() => cancel(job)}>
                {t('jobs.cancelAction')}
              </Button>
            ),
        },
      ]}
    />
  );
}

/** How far it is and how long it still takes. */
function Progressed({ job }: { job: Job }) {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const { done, total } = job.progress!;
  const leftMs = estimateLeftMs(job, Date.now());
  return (
    <span className="faint">
      {total === null
        ? t('jobs.done', { done: formats.count(done) })
        : t('jobs.doneOf', { done: formats.count(done), total: formats.count(total) })}
      {leftMs === null ? null : ` · ${t('jobs.left', { time: formats.duration(leftMs) })}`}
    </span>
  );
}

function Next({ at }: { at: string }) {
  const { t } = useTranslation('settings');
  const formats = useFormats();
  const isSoon = Date.parse(at) - Date.now() < 60_000;
  return (
    <span title={formats.exact(at)}> · {t('jobs.next', { when: isSoon ? t('jobs.soon') : formats.relative(at) })}</span>
  );
}
