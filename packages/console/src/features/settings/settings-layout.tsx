import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type SectionTab, SectionTabs } from '../../components/section-tabs.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';

/** Settings, each part at an address of its own; what the role may not see is not offered. */
export function SettingsLayout() {
  const { t } = useTranslation('settings');
  const { can } = useWorkspace();
  const tabs: SectionTab[] = [{ to: '/w/$workspaceId/settings/account', label: t('tabs.account') }];
  if (can('settings:read')) {
    tabs.push(
      { to: '/w/$workspaceId/settings/workspace', label: t('tabs.workspace') },
      { to: '/w/$workspaceId/settings/members', label: t('tabs.members') },
      { to: '/w/$workspaceId/settings/keys', label: t('tabs.keys') },
      { to: '/w/$workspaceId/settings/privacy', label: t('tabs.privacy') },
      { to: '/w/$workspaceId/settings/models', label: t('tabs.models') },
    );
  }
  if (can('audit:read')) tabs.push({ to: '/w/$workspaceId/settings/audit', label: t('tabs.audit') });
  if (can('settings:read')) tabs.push({ to: '/w/$workspaceId/settings/jobs', label: t('tabs.jobs') });
  return (
    <>
      <SectionTabs tabs={tabs} label={t('tabs.label')} />
      <Outlet />
    </>
  );
}
