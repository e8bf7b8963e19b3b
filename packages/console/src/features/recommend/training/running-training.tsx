import type { Training } from '@zhiyin/contract';
import { Button, Progress } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCancelTraining } from '../../../api/recommend-models.ts';
import { Section } from '../../../components/section.tsx';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { estimateTimeLeft } from './estimate-time-left.ts';

type Props = { readonly training: Training; readonly before: readonly Training[]; readonly mayWrite: boolean };

/** The run under way: what it does now, how far it is, how long it will take, and a way to stop it. */
export function RunningTraining({ training, before, mayWrite }: Props) {
  const { t } = useTranslation('recommend');
  const formats = useFormats();
  const workspace = useWorkspace();
  const cancel = useCancelTraining(workspace.id);
  const confirm = useConfirm();
  const notice = useNotice();
  const now = useNow(1_000);
  const left = estimateTimeLeft(training, before, now);
  const elapsedMs = training.startedAt ? Math.max(0, now - Date.parse(training.startedAt)) : null;
  const ask = () =>
    confirm({
      title: t('running.cancelTitle'),
      consequence: t('running.cancelConsequence'),
      action: t('running.cancelAction'),
      run: () => cancel.mutateAsync(training.id).catch(notice.failed),
    });
  return (
    <Section
      title={t(`running.stage.${training.state === 'queued' ? 'queued' : training.stage}`, {
        defaultValue: t('training.answerRunning'),
      })}
      subtitle={[
        elapsedMs === null ? t('running.waiting') : t('running.elapsed', { time: formats.duration(elapsedMs) }),
        left === null ? '' : t('running.left', { time: formats.duration(left) }),
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={
        mayWrite && (
          <Button danger onClick={ask} loading={cancel.isPending}>
            {t('running.cancelAction')}
          </Button>
        )
      }
    >
      <Progress
        percent={Math.round(training.progress * 100)}
        status="active"
        aria-label={t('running.progress')}
        format={(percent) => formats.rate((percent ?? 0) / 100)}
      />
    </Section>
  );
}

function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
