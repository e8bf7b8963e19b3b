import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { SectionTabs } from '../../components/section-tabs.tsx';

/** Everything about what is recommended: where, by which model, learned when, and how good it was. */
export function RecommendLayout() {
  const { t } = useTranslation('recommend');
  return (
    <>
      <SectionTabs
        label={t('title')}
        tabs={[
          { to: '/w/$workspaceId/recommend/surfaces', label: t('tabs.surfaces') },
          { to: '/w/$workspaceId/recommend/models', label: t('tabs.models') },
          { to: '/w/$workspaceId/recommend/training', label: t('tabs.training') },
          { to: '/w/$workspaceId/recommend/quality', label: t('tabs.quality') },
        ]}
      />
      <Outlet />
    </>
  );
}
