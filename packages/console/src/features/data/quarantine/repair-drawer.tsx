import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { QuarantineFilter, QuarantineRow } from '@zhiyin/contract';
import { Button, Checkbox, Drawer, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { repairPreviewQuery, useReplay } from '../../../api/quarantine.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import { useFormats } from '../../../format/use-formats.ts';
import styles from '../data.module.css';
import { ActionEditor } from './action-editor.tsx';
import { newDraft, parseDraft, type RepairDraft, suggestDraft } from './repair-draft.ts';
import { RepairPreviewList } from './repair-preview.tsx';
import { ReplayProgress } from './replay-progress.tsx';
import { useSettled } from './use-settled.ts';

type Props = {
  readonly isOpen: boolean;
  readonly filter: QuarantineFilter;
  readonly first: QuarantineRow | undefined;
  readonly onClose: () => void;
};

/** Mends all records of the list by the same steps: write, see before and after, try again. */
export function RepairDrawer({ isOpen, filter, first, onClose }: Props) {
  const { t } = useTranslation('data');
  return (
    <Drawer open={isOpen} onClose={onClose} title={t('quarantine.mendTitle')} size={960} destroyOnHidden>
      {isOpen && <Mend filter={filter} first={first} onClose={onClose} />}
    </Drawer>
  );
}

const actionsMax = 20;
function Mend({ filter, first, onClose }: Omit<Props, 'isOpen'>) {
  const { t } = useTranslation('data');
  const { id: workspaceId } = useWorkspace();
  const formats = useFormats();
  const notice = useNotice();
  const [drafts, setDrafts] = useState<RepairDraft[]>(() => [
    suggestDraft(filter.reason ?? first?.reason, first?.field ?? ''),
  ]);
  const [isKept, setKept] = useState(false);
  const [name, setName] = useState('');
  const [job, setJob] = useState<{ jobId: string; records: number } | null>(null);
  const actions = drafts.map(parseDraft).filter((action) => action !== null);
  const settled = useSettled(actions, 400);
  const preview = useQuery(repairPreviewQuery(workspaceId, filter, settled));
  const replay = useReplay(workspaceId);
  const total = preview.data?.total ?? 0;
  const isIncomplete = actions.length < drafts.length || (isKept && name.trim() === '');

  const start = () =>
    replay.mutate(
      { filter, actions, ...(isKept ? { keepAs: name.trim() } : {}) },
      {
        onSuccess: ({ records, jobId, note }) => {
          if (jobId !== null) return setJob({ jobId, records });
          const done = t('quarantine.replayed', { count: records, records: formats.count(records) });
          notice.done(note ? `${done} ${t('quarantine.ruleForEventsOnly')}` : done);
          onClose();
        },
        onError: notice.failed,
      },
    );
  if (job) return <ReplayProgress jobId={job.jobId} records={job.records} onClose={onClose} />;
  return (
    <div className={styles.stack}>
      <section className={styles.stackSmall}>
        <h3>{t('quarantine.steps')}</h3>
        <p className="faint">{t('quarantine.stepsHint')}</p>
        {drafts.map((draft, index) => (
          <ActionEditor
            key={draft.id}
            place={index + 1}
            draft={draft}
            onChange={(next) => setDrafts(drafts.map((one) => (one.id === draft.id ? next : one)))}
            onRemove={() => setDrafts(drafts.filter((one) => one.id !== draft.id))}
          />
        ))}
        <div>
          <Button
            icon={<PlusOutlined />}
            disabled={drafts.length >= actionsMax}
            onClick={() => setDrafts([...drafts, newDraft()])}
          >
            {t('quarantine.addStep')}
          </Button>
        </div>
      </section>
      <section className={styles.stackSmall}>
        <h3>{t('quarantine.previewTitle')}</h3>
        <RepairPreviewList preview={preview} />
      </section>
      <div className={`${styles.startBar} ${styles.drawerBar}`}>
        <div className={styles.stackSmall}>
          <Checkbox checked={isKept} onChange={(event) => setKept(event.target.checked)}>
            {t('quarantine.keepRule')}
          </Checkbox>
          {isKept && (
            <Input
              value={name}
              maxLength={120}
              placeholder={t('quarantine.ruleName')}
              aria-label={t('quarantine.ruleName')}
              onChange={(event) => setName(event.target.value)}
              style={{ maxWidth: 360 }}
            />
          )}
        </div>
        <Button
          type="primary"
          size="large"
          loading={replay.isPending}
          disabled={isIncomplete || total === 0}
          onClick={start}
        >
          {t('quarantine.replay', { count: total, records: formats.count(total) })}
        </Button>
      </div>
    </div>
  );
}
