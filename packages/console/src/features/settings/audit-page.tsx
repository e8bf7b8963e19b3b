import { useTranslation } from 'react-i18next';
import { PageHead } from '../../components/page-head.tsx';

export function AuditPage() {
  const { t } = useTranslation('shell');
  return <PageHead title={t('page.settings')} />;
}
