import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Person } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { refusalsQuery } from '../../api/refusals.ts';
import { Instant } from '../../components/instant.tsx';
import { Section } from '../../components/section.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import styles from './person.module.css';

/** Merges that were not made and concern this person, with the other side one click away. */
export function PersonRefusals({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  const workspace = useWorkspace();
  const refusals = useQuery(refusalsQuery(workspace.id));
  const ids = new Set([person.profileId, ...person.identities.map(({ identityId }) => identityId)]);
  const own = refusals.data?.rows.filter(({ lowProfileId, highProfileId, lowId, highId }) =>
    [lowProfileId, highProfileId, lowId, highId].some((id) => ids.has(id)),
  );
  if (!own || own.length === 0) return null;
  return (
    <Section title={t('person.refusals.title')} subtitle={t('person.refusals.subtitle')}>
      <ul className={styles.list}>
        {own.map((refusal) => {
          const isLow = ids.has(refusal.lowProfileId) || ids.has(refusal.lowId);
          const other = isLow
            ? { profileId: refusal.highProfileId, label: refusal.highLabel }
            : { profileId: refusal.lowProfileId, label: refusal.lowLabel };
          return (
            <li key={`${refusal.lowId}-${refusal.highId}`} className={styles.identity}>
              <div className={styles.grow}>
                <div className={styles.value}>{t(`person.refusals.reason.${refusal.reason}`)}</div>
                <div className={styles.small}>
                  {t('person.refusals.with')}{' '}
                  <Link
                    to="/w/$workspaceId/people/$profileId"
                    params={{ workspaceId: String(workspace.id), profileId: other.profileId }}
                  >
                    {other.label}
                  </Link>{' '}
                  · <Instant at={refusal.seenAt} />
                </div>
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
