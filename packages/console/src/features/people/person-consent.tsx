import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import type { Person } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { Instant } from '../../components/instant.tsx';
import { Section } from '../../components/section.tsx';
import styles from './person.module.css';

/** What the person allowed, by purpose. */
export function PersonConsent({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  return (
    <Section title={t('person.consent.title')}>
      {person.consent.length === 0 ? <p className="faint">{t('person.consent.empty')}</p> : null}
      <ul className={styles.list}>
        {person.consent.map(({ purpose, granted, occurredAt, source }) => (
          <li key={purpose} className={styles.identity}>
            <span className={granted ? styles.granted : styles.withdrawn}>
              {granted ? <CheckCircleFilled aria-hidden /> : <CloseCircleFilled aria-hidden />}
            </span>
            <div className={styles.grow}>
              <div className={styles.value}>
                {t(`person.consent.purpose.${purpose}`, { defaultValue: purpose })}{' '}
                <span className={granted ? styles.granted : styles.withdrawn}>
                  {granted ? t('person.consent.granted') : t('person.consent.withdrawn')}
                </span>
              </div>
              <div className={styles.small}>
                <Instant at={occurredAt} /> {source}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
