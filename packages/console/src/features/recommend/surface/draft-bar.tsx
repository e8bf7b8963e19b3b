import { Button, Space } from 'antd';
import { useTranslation } from 'react-i18next';
import styles from './surface.module.css';
import type { Draft } from './use-draft.ts';

type Props = { readonly draft: Draft; readonly save: () => void; readonly isSaving: boolean };
const namedMax = 4;

/** Stays in sight while anything is unsaved: what changed, and the three ways on. */
export function DraftBar({ draft, save, isSaving }: Props) {
  const { t } = useTranslation('recommend');
  const names = draft.changes.map((part) => t(`part.${part.replace('rules.', '')}`));
  const shown = names.slice(0, namedMax).join(t('comma'));
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
        <Button type="primary" onClick={save} loading={isSaving} disabled={draft.problems.length > 0}>
          {t('draft.save')}
        </Button>
      </Space>
    </section>
  );
}
