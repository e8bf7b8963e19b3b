import type { CustomerRun } from '@zhiyin/contract';
import { Alert, Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { isRunning, useCancelRun } from '../../api/customers.ts';
import { Section } from '../../components/section.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { useFormats } from '../../format/use-formats.ts';

/** The latest run while it is under way, or why it came to nothing. Nothing at all when all is well. */
export function RunState({ run }: { run: CustomerRun | null | undefined }) {
  const { t } = useTranslation('customers');
  const formats = useFormats();
  const workspace = useWorkspace();
  const cancel = useCancelRun(workspace.id);
  const notice = useNotice();
  if (!run) return null;
  if (run.state === 'failed' && run.failure) {
    return (
      <Alert
        type="warning"
        showIcon
        title={t(`failure.${run.failure.code}`)}
        description={run.failure.code === 'internal' ? run.failure.text : t(`failureFix.${run.failure.code}`)}
      />
    );
  }
  if (!isRunning(run)) return null;
  return (
    <Section
      title={t(`stage.${run.state === 'queued' || run.stage === '' ? 'queued' : run.stage}`)}
      subtitle={t(`running.${run.kind}`)}
      actions={
        workspace.can('data:write') && (
          <Button danger loading={cancel.isPending} onClick={() => cancel.mutate(run.id, { onError: notice.failed })}>
            {t('cancel')}
          </Button>
        )
      }
    >
      <Progress
        percent={Math.round(run.progress * 100)}
        status="active"
        aria-label={t('progress')}
        format={(percent) => formats.rate((percent ?? 0) / 100)}
      />
    </Section>
  );
}
