import type { Person } from '@zhiyin/contract';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../components/use-page-title.ts';
import { useFormats } from '../../format/use-formats.ts';
import styles from './person.module.css';
import { PersonMark } from './person-mark.tsx';

/** The name, and the person in one sentence. */
export function PersonHead({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  usePageTitle(person.displayName);
  return (
    <header className={styles.head}>
      <PersonMark name={person.displayName} isKnown={person.isKnown} large />
      <div className={styles.who}>
        <h1>
          {person.displayName}{' '}
          <Tag variant="filled" className={styles.tag!}>
            {person.isKnown ? t('known') : t('visitor')}
          </Tag>
          {person.groups.map((group) => (
            <Tag key={group.groupId} variant="filled" className={styles.tag!}>
              {group.name || group.groupId}
            </Tag>
          ))}
        </h1>
        <p>
          <Answer person={person} />
        </p>
      </div>
    </header>
  );
}

function Answer({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  const formats = useFormats();
  const { value } = person;
  if (value.orders > 0) {
    return t('person.answer.buyer', {
      count: value.orders,
      money: formats.money(value.revenueMinor, person.currency),
      ago: value.lastOrderAt ? formats.relative(value.lastOrderAt) : '–',
    });
  }
  if (person.events > 0 && person.lastSeenAt) {
    return t('person.answer.looker', {
      count: person.events,
      shown: formats.count(person.events),
      ago: formats.relative(person.lastSeenAt),
    });
  }
  return t('person.answer.silent');
}
