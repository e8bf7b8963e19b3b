import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { SectionTabs } from '../../components/section-tabs.tsx';

/** Everything about what comes in: from where, right now, by file, how clean, what is held back, and what lies beside events. */
export function DataLayout() {
  const { t } = useTranslation('data');
  return (
    <>
      <SectionTabs
        label={t('title')}
        tabs={[
          { to: '/w/$workspaceId/data/sources', label: t('tabs.sources') },
          { to: '/w/$workspaceId/data/live', label: t('tabs.live') },
          { to: '/w/$workspaceId/data/imports', label: t('tabs.imports') },
          { to: '/w/$workspaceId/data/health', label: t('tabs.health') },
          { to: '/w/$workspaceId/data/quarantine', label: t('tabs.quarantine') },
          { to: '/w/$workspaceId/data/library', label: t('tabs.library') },
        ]}
      />
      <Outlet />
    </>
  );
}
