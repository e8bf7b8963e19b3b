import { LockOutlined } from '@ant-design/icons';
import type { Person } from '@zhiyin/contract';
import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { Section } from '../../components/section.tsx';
import { useFormats } from '../../format/use-formats.ts';
import { formatTrait } from './format-trait.ts';
import styles from './person.module.css';

/** What is known about the person, each with where it comes from and since when. */
export function PersonTraits({ person }: { person: Person }) {
  const { t } = useTranslation('people');
  const formats = useFormats();
  return (
    <Section title={t('person.traits.title')}>
      {person.traits.length === 0 ? <p className="faint">{t('person.traits.empty')}</p> : null}
      <dl className={styles.traits}>
        {person.traits.map(({ name, value, isPersonal, occurredAt, source }) => (
          <div key={name}>
            <dt>
              {name}{' '}
              {isPersonal ? (
                <Tooltip title={t('person.traits.personal')}>
                  <LockOutlined aria-label={t('person.traits.personal')} />
                </Tooltip>
              ) : null}
            </dt>
            <dd>
              <span className={styles.value}>{formatTrait(value, formats)}</span>
              <span className={styles.small} title={formats.exact(occurredAt)}>
                {t('person.traits.from', { source, when: formats.relative(occurredAt) })}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
