import type { Person } from '@zhiyin/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useUnmerge } from '../../api/unmerge.ts';
import { Instant } from '../../components/instant.tsx';
import { Section } from '../../components/section.tsx';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import styles from './person.module.css';

type Merge = Person['merges'][number];

/** What was joined into this person. Taking back can itself be taken back, so it does not ask: it offers undo. */
export function PersonMerges({ person, profileId }: { person: Person; profileId: string }) {
  const { t } = useTranslation('people');
  const workspace = useWorkspace();
  const unmerge = useUnmerge(workspace.id, profileId);
  const notice = useNotice();
  const [takenBack, setTakenBack] = useState<readonly Merge[]>([]);
  const current = person.merges.filter((merge) => !takenBack.some((other) => isSame(other, merge)));
  if (current.length === 0 && takenBack.length === 0) return null;

  const joinAgain = (merge: Merge) =>
    unmerge.mutate(
      { verb: 'remerge', edge: merge },
      {
        onSuccess: () => {
          setTakenBack((merges) => merges.filter((other) => !isSame(other, merge)));
          notice.done(t('person.merges.undone'));
        },
        onError: notice.failed,
      },
    );
  const takeBack = (merge: Merge) =>
    unmerge.mutate(
      { verb: 'unmerge', edge: merge },
      {
        onSuccess: () => {
          setTakenBack((merges) => [...merges, merge]);
          notice.undoable(t('person.merges.done'), () => joinAgain(merge));
        },
        onError: notice.failed,
      },
    );
  const row = (merge: Merge, action: string, act: (merge: Merge) => void) => (
    <li key={`${merge.lowId}-${merge.highId}`} className={styles.identity}>
      <div className={styles.grow}>
        <div className={styles.value}>{t('person.merges.joined', { low: merge.lowLabel, high: merge.highLabel })}</div>
        <div className={styles.small}>
          <Instant at={merge.joinedAt} /> {merge.source ? t('person.merges.by', { source: merge.source }) : ''}
        </div>
      </div>
      {workspace.can('people:write') ? (
        <Button size="small" disabled={unmerge.isPending} onClick={() => act(merge)}>
          {action}
        </Button>
      ) : null}
    </li>
  );
  return (
    <Section title={t('person.merges.title')} subtitle={t('person.merges.subtitle')}>
      <ul className={styles.list}>{current.map((merge) => row(merge, t('person.merges.takeBack'), takeBack))}</ul>
      {takenBack.length > 0 ? (
        <>
          <h3 className={styles.sub}>{t('person.merges.takenBackTitle')}</h3>
          <ul className={styles.list}>{takenBack.map((merge) => row(merge, t('person.merges.again'), joinAgain))}</ul>
        </>
      ) : null}
    </Section>
  );
}

const isSame = (one: Merge, other: Merge) => one.lowId === other.lowId && one.highId === other.highId;
