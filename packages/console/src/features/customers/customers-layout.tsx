import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { SectionTabs } from '../../components/section-tabs.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';

/** Customers as groups: by value, by behaviour, by likeness, by whom they know and where they work. */
export function CustomersLayout() {
  const { t } = useTranslation('customers');
  const { can } = useWorkspace();
  return (
    <>
      <SectionTabs
        label={t('title')}
        tabs={[
          { to: '/w/$workspaceId/customers/overview', label: t('tabs.overview') },
          { to: '/w/$workspaceId/customers/clusters', label: t('tabs.clusters') },
          { to: '/w/$workspaceId/customers/look-alikes', label: t('tabs.lookAlikes') },
          ...(can('people:read')
            ? [
                { to: '/w/$workspaceId/customers/influence', label: t('tabs.influence') } as const,
                { to: '/w/$workspaceId/customers/companies', label: t('tabs.companies') } as const,
              ]
            : []),
        ]}
      />
      <Outlet />
    </>
  );
}
