import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { destinations } from '../navigation.ts';
import styles from './key-list.module.css';

/** All keys on one sheet. */
export function KeyList({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation('shell');
  const rows = [
    { keys: ['/'], says: t('keys.search') },
    ...destinations.map(({ key, letter }) => ({
      keys: ['g', letter],
      says: t('keys.goTo', { page: t(`page.${key}`) }),
    })),
    { keys: ['?'], says: t('keys.list') },
    { keys: ['Esc'], says: t('keys.close') },
  ];
  return (
    <Modal open={open} onCancel={close} footer={null} title={t('keys.title')} width={420}>
      <dl className={styles.keys}>
        {rows.map(({ keys, says }) => (
          <div key={says}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{says}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
