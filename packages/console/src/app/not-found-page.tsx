import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/empty-state.tsx';

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation('shell');
  return (
    <main style={{ paddingTop: '12vh' }}>
      <EmptyState
        sentence={t('notFound.sentence')}
        example={t('notFound.example')}
        action={
          <Link to="/">
            <Button type="primary">{t('notFound.action')}</Button>
          </Link>
        }
      />
    </main>
  );
}
