import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Progress, Result } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { estimateLeftMs, jobProgressQuery, useCancelJob } from '../../../api/job-progress.ts';
import { quarantineQuery } from '../../../api/quarantine.ts';
import { ErrorState } from '../../../components/error-state.tsx';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';

type Props = { readonly jobId: string; readonly records: number; readonly onClose: () => void };

/** A large replay runs in the background: how far it is, counted by what is still held back. */
export function ReplayProgress({ jobId, records, onClose }: Props) {
  const { t } = useTranslation('data');
  const { id: workspaceId } = useWorkspace();
  const formats = useFormats();
  const client = useQueryClient();
  const notice = useNotice();
  const job = useQuery(jobProgressQuery(workspaceId, jobId));
  const cancel = useCancelJob(workspaceId);
  const state = job.data?.state ?? 'created';
  const isOver = state === 'completed' || state === 'failed' || state === 'cancelled';
  useEffect(() => {
    if (isOver) void client.invalidateQueries({ queryKey: quarantineQuery(workspaceId, {}).queryKey.slice(0, 3) });
  }, [isOver, client, workspaceId]);

  if (job.error)
    return <ErrorState error={job.error} kept={t('quarantine.replayGoesOn')} retry={() => void job.refetch()} />;
  if (isOver) {
    return (
      <Result
        status={state === 'completed' ? 'success' : 'warning'}
        title={t(`quarantine.replayEnded.${state}`, { records: formats.count(records) })}
        subTitle={job.data?.error ?? t('quarantine.replayEndedHint')}
        extra={<Button onClick={onClose}>{t('close')}</Button>}
      />
    );
  }
  const progress = job.data?.progress ?? null;
  const share = progress?.total ? progress.done / progress.total : null;
  const leftMs = job.data ? estimateLeftMs(job.data, job.dataUpdatedAt) : null;
  return (
    <div className={styles.stack} role="status">
      <h3>{t('quarantine.replaying', { records: formats.count(records) })}</h3>
      <Progress
        percent={share === null ? 100 : Math.floor(share * 100)}
        status="active"
        showInfo={share !== null}
        aria-label={t('quarantine.replaying', { records: formats.count(records) })}
      />
      {leftMs !== null && <p>{t('quarantine.replayLeft', { time: formats.duration(leftMs) })}</p>}
      <p className="faint">{t('quarantine.replayGoesOn')}</p>
      <div className={styles.filters}>
        <Button onClick={onClose}>{t('quarantine.leave')}</Button>
        <Button loading={cancel.isPending} onClick={() => cancel.mutate(jobId, { onError: notice.failed })}>
          {t('quarantine.cancelReplay')}
        </Button>
      </div>
    </div>
  );
}
