import { LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Session } from '@zhiyin/contract';
import { Avatar, Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSignOut } from '../../api/session.ts';
import { useNotice } from '../../components/use-notice.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';

export function AccountMenu({ session }: { session: Session }) {
  const { t } = useTranslation('shell');
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const notice = useNotice();
  const client = useQueryClient();
  const { operator } = session;

  const leave = () =>
    signOut.mutate(undefined, {
      onSuccess: () => void navigate({ to: '/sign-in' }).then(() => client.clear()),
      onError: notice.failed,
    });
  const items = [
    {
      key: 'who',
      type: 'group' as const,
      label: (
        <span>
          {operator.name} · {t(`common:role.${workspace.role}`)}
          <br />
          {operator.email}
        </span>
      ),
    },
    { key: 'account', icon: <UserOutlined />, label: t('account.settings') },
    { key: 'leave', icon: <LogoutOutlined />, label: t('account.signOut') },
    { type: 'divider' as const },
    { key: 'version', type: 'group' as const, label: t('account.version', { version: session.version }) },
  ];
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items,
        onClick: ({ key }) =>
          key === 'leave'
            ? leave()
            : void navigate({ to: '/w/$workspaceId/settings/account', params: { workspaceId: String(workspace.id) } }),
      }}
    >
      <Button type="text" shape="circle" aria-label={t('account.open', { name: operator.name })}>
        <Avatar
          size={26}
          style={{ background: 'var(--jade-wash)', color: 'var(--jade-text)', fontSize: 14, fontWeight: 600 }}
        >
          {[...operator.name][0]?.toUpperCase()}
        </Avatar>
      </Button>
    </Dropdown>
  );
}
