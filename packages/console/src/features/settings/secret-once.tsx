import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import { CopyText } from '../../components/copy-text.tsx';
import styles from './settings.module.css';

/** A secret that is shown now and never again. */
export function SecretOnce({ says, secret }: { says: string; secret: string }) {
  const { t } = useTranslation('settings');
  return (
    <div className={styles.secret}>
      <p>{says}</p>
      <CopyText text={secret} code />
      <Alert type="warning" showIcon title={t('once')} />
    </div>
  );
}
