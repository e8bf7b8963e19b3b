import type { QuarantineFilter } from '@zhiyin/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDiscard } from '../../../api/quarantine.ts';
import { useConfirm } from '../../../components/use-confirm.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import { explainReason } from '../explain-reason.ts';

/** Gives records up. Says which and how many first. */
export function DiscardButton({ filter, total }: { readonly filter: QuarantineFilter; readonly total: number }) {
  const { t } = useTranslation('data');
  const { id: workspaceId } = useWorkspace();
  const formats = useFormats();
  const confirm = useConfirm();
  const notice = useNotice();
  const discard = useDiscard(workspaceId);
  const records = formats.count(total);
  const which = filter.reason
    ? t('quarantine.which', { reason: explainReason(filter.reason, t).name })
    : t('quarantine.whichAll');
  return (
    <Button
      onClick={() =>
        confirm({
          title: t('quarantine.discardTitle', { count: total, records }),
          consequence: t('quarantine.discardConsequence', { which }),
          action: t('quarantine.discard', { count: total, records }),
          run: () =>
            discard
              .mutateAsync(filter)
              .then(
                (answer) =>
                  notice.done(
                    t('quarantine.discarded', { count: answer.records, records: formats.count(answer.records) }),
                  ),
                notice.failed,
              ),
        })
      }
    >
      {t('quarantine.discard', { count: total, records })}
    </Button>
  );
}
