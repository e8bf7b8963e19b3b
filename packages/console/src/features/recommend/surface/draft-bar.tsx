import type { SurfaceUpdate } from '@zhiyin/contract';
import { Button, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSaveSurface } from '../../../api/recommend-surfaces.ts';
import { useNotice } from '../../../components/use-notice.tsx';
import { useWorkspace } from '../../../components/workspace-context.ts';
import styles from './surface.module.css';
import type { Draft } from './use-draft.ts';

type Props = { readonly surface: string; readonly draft: Draft; readonly saved: SurfaceUpdate };
const namedMax = 4;

/** Stays in sight while anything is unsaved: what changed, and the three ways on. */
export function DraftBar({ surface, draft, saved }: Props) {
  const { t } = useTranslation('recommend');
  const workspace = useWorkspace();
  const save = useSaveSurface(workspace.id);
  const notice = useNotice();
  const names = draft.changes.map((part) => t(`part.${part.replace('rules.', '')}`));
  const shown = names.slice(0, namedMax).join(t('comma'));
  const body = draft.draft;
  const run = () =>
    save.mutate(
      { surface, body },
      {
        onSuccess: () => {
          draft.discard();
          notice.undoable(t('draft.saved'), () => save.mutate({ surface, body: saved }, { onError: notice.failed }));
        },
        onError: notice.failed,
      },
    );
  return (
    <section className={styles.bar} aria-label={t('draft.label')}>
      <p role="status">
        <b>{t('draft.unsaved', { count: names.length })}</b> {shown}
        {names.length > namedMax ? '…' : ''}
        {draft.problems.length > 0 && (
          <span className={styles.problem}> {t('draft.problems', { count: draft.problems.length })}</span>
        )}
      </p>
      <Space wrap>
        <Button onClick={draft.undo} disabled={!draft.canUndo}>
          {t('draft.undo')}
        </Button>
        <Button onClick={draft.discard}>{t('draft.discard')}</Button>
        <Button type="primary" onClick={run} loading={save.isPending} disabled={draft.problems.length > 0}>
          {t('draft.save')}
        </Button>
      </Space>
    </section>
  );
}
