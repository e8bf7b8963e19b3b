import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { PageHead } from '../../components/page-head.tsx';
import { AccountAppearance } from './account-appearance.tsx';
import { AccountName } from './account-name.tsx';
import { AccountPassword } from './account-password.tsx';
import styles from './settings.module.css';

/** What belongs to the operator, whatever workspace is open. */
export function AccountPage() {
  const { t } = useTranslation('settings');
  const session = useSession();
  return (
    <>
      <PageHead title={t('account.title')} answer={t('account.answer', { email: session.operator.email })} />
      <div className={styles.stack}>
        <AccountAppearance />
        <AccountName session={session} />
        <AccountPassword />
      </div>
    </>
  );
}
