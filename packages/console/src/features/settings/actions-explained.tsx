import { propertyActionSchema } from '@zhiyin/contract';
import { useTranslation } from 'react-i18next';
import { Section } from '../../components/section.tsx';
import styles from './settings.module.css';

/** What each treatment does to a value, with an example. */
export function ActionsExplained() {
  const { t } = useTranslation('settings');
  return (
    <Section title={t('privacy.explained')}>
      <dl className={styles.explained}>
        {propertyActionSchema.options.map((action) => (
          <div key={action}>
            <dt>{t(`privacy.action.${action}`)}</dt>
            <dd>{t(`privacy.actionSays.${action}`)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
