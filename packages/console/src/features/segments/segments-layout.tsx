import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { SectionTabs } from '../../components/section-tabs.tsx';

/** Everything about groups of people: rules, lists, what is computed of people, and where they are sent. */
export function SegmentsLayout() {
  const { t } = useTranslation('segments');
  return (
    <>
      <SectionTabs
        label={t('title')}
        tabs={[
          { to: '/w/$workspaceId/segments', label: t('tabs.segments'), exact: true },
          { to: '/w/$workspaceId/segments/lists', label: t('tabs.lists') },
          { to: '/w/$workspaceId/segments/traits', label: t('tabs.traits') },
          { to: '/w/$workspaceId/segments/destinations', label: t('tabs.destinations') },
        ]}
      />
      <Outlet />
    </>
  );
}
