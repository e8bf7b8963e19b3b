import { MenuOutlined, QuestionCircleOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { Session } from '@zhiyin/contract';
import { Button, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '../../components/language-switch.tsx';
import { ThemeSwitch } from '../../components/theme-switch.tsx';
import { Wordmark } from '../../components/wordmark.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { AccountMenu } from './account-menu.tsx';
import { PeopleSearch } from './people-search.tsx';
import styles from './top-bar.module.css';
import { useSavePreferences } from './use-preferences.ts';

interface TopBarProps {
  session: Session;
  openMenu: () => void;
  showKeys: () => void;
}

export function TopBar({ session, openMenu, showKeys }: TopBarProps) {
  const { t } = useTranslation('shell');
  const workspace = useWorkspace();
  const save = useSavePreferences();
  return (
    <header className={styles.bar}>
      <Button
        className={styles.menu!}
        type="text"
        icon={<MenuOutlined />}
        aria-label={t('menu.open')}
        onClick={openMenu}
      />
      <Link to="/w/$workspaceId/overview" params={{ workspaceId: String(workspace.id) }} className={styles.home!}>
        <Wordmark />
      </Link>
      <div className={styles.search}>{workspace.can('people:read') ? <PeopleSearch /> : null}</div>
      <div className={styles.tools}>
        <LanguageSwitch onChange={save.language} />
        <ThemeSwitch onChange={save.theme} />
        <Tooltip title={t('keys.open')}>
          <Button
            className={styles.keys!}
            type="text"
            icon={<QuestionCircleOutlined />}
            aria-label={t('keys.open')}
            aria-keyshortcuts="?"
            onClick={showKeys}
          />
        </Tooltip>
        <AccountMenu session={session} />
      </div>
    </header>
  );
}
