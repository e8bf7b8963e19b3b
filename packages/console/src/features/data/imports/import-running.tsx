import type { Import } from '@zhiyin/contract';
import { Button, Progress, Statistic } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useImportCommand } from '../../../api/imports.ts';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from './imports.module.css';
import { staysWhenCancelled } from './stays-when-cancelled.ts';

/** How far, how fast, how long still, and a way to stop. */
export function ImportRunning({ record }: { readonly record: Import }) {
  const { t } = useTranslation('data');
  const { id: workspaceId, can } = useWorkspace();
  const formats = useFormats();
  const command = useImportCommand(workspaceId, record.id);
  const confirm = useConfirm();
  const notice = useNotice();
  const { progress } = record;
  const rowsDone = progress?.rowsDone ?? 0;
  const rate = useRate(rowsDone);
  const percent = progress?.rowsTotal ? Math.min(100, Math.floor((100 * rowsDone) / progress.rowsTotal)) : 0;
  const cancel = () =>
    confirm({
      title: t('imports.cancelTitle'),
      consequence: t(staysWhenCancelled(record) ? 'imports.cancelConsequence' : 'imports.cancelNothing', {
        rows: formats.count(rowsDone),
      }),
      action: t('imports.cancelAction'),
      run: () => command.mutateAsync('cancel').catch(notice.failed),
    });
  return (
    <div className={styles.running} role="status">
      <Progress percent={percent} status="active" aria-label={t('imports.runningTitle')} />
      <div className={styles.figures}>
        <Statistic
          title={t('imports.stage')}
          value={
            progress
              ? t(`imports.stages.${progress.stage}`, { defaultValue: progress.stage })
              : t('imports.states.queued')
          }
        />
        <Statistic
          title={t('imports.rowsDone')}
          value={
            progress?.rowsTotal
              ? t('imports.of', { done: formats.count(rowsDone), all: formats.count(progress.rowsTotal) })
              : formats.count(rowsDone)
          }
        />
        <Statistic title={t('imports.speed')} value={rate === null ? '–' : formats.count(Math.round(rate))} />
        <Statistic
          title={t('imports.timeLeft')}
          value={
            progress?.secondsLeft === null || progress?.secondsLeft === undefined
              ? t('imports.counting')
              : formats.duration(progress.secondsLeft * 1_000)
          }
        />
      </div>
      {can('data:write') && (
        <div>
          <Button onClick={cancel} loading={command.isPending}>
            {t('imports.cancelAction')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Rows a second between the first look and now; null until there were two. */
function useRate(rowsDone: number): number | null {
  const first = useRef<{ at: number; rows: number } | null>(null);
  const [rate, setRate] = useState<number | null>(null);
  useEffect(() => {
    if (rowsDone === 0) return;
    first.current ??= { at: Date.now(), rows: rowsDone };
    const seconds = (Date.now() - first.current.at) / 1_000;
    if (seconds > 0.5) setRate((rowsDone - first.current.rows) / seconds);
  }, [rowsDone]);
  return rate;
}
