import type { Person } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { Section } from '../../components/section.tsx';
import styles from './person.module.css';

/** What they look at and buy most. */
export function PersonFavourites({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  if (person.favourites.length === 0) return null;
  return (
    <Section title={t('person.favourites.title')} subtitle={t('person.favourites.subtitle')}>
      <ol className={styles.list}>
        {person.favourites.slice(0, 8).map(({ itemId, name, views, bought }) => (
          <li key={itemId} className={styles.pair}>
            <span className={styles.value}>{name || itemId}</span>
            <span className={styles.small}>
              {t('person.favourites.views', { count: views })}
              {bought > 0 ? ` · ${t('person.favourites.bought', { count: bought })}` : ''}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
