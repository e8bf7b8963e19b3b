import { PlusOutlined, SwapOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { useWorkspace } from '../../components/workspace-context.ts';
import { CreateWorkspace } from './create-workspace.tsx';
import styles from './navigation.module.css';

/** The brand that is open; another one can be opened or made. */
export function WorkspaceSwitcher() {
  const { t } = useTranslation('shell');
  const { workspaces } = useSession();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [isCreating, setIsCreating] = useState(false);
  const items = [
    ...workspaces.map(({ id, name, isDemo }) => ({
      key: String(id),
      label: isDemo ? t('workspace.demoName', { name }) : name,
    })),
    { type: 'divider' as const },
    { key: 'create', label: t('workspace.create'), icon: <PlusOutlined /> },
  ];
  const choose = (key: string) =>
    key === 'create'
      ? setIsCreating(true)
      : void navigate({ to: '/w/$workspaceId/overview', params: { workspaceId: key } });
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{ items, selectable: true, selectedKeys: [String(workspace.id)], onClick: ({ key }) => choose(key) }}
      >
        <button type="button" className={styles.switcher} aria-label={t('workspace.switch', { name: workspace.name })}>
          <span className={styles.seal} aria-hidden="true">
            {[...workspace.name][0]}
          </span>
          <span className={styles.name}>
            <strong>{workspace.name}</strong>
            <small>{workspace.isDemo ? t('workspace.demo') : t(`common:role.${workspace.role}`)}</small>
          </span>
          <SwapOutlined rotate={90} className="faint" aria-hidden />
        </button>
      </Dropdown>
      <CreateWorkspace open={isCreating} close={() => setIsCreating(false)} />
    </>
  );
}
