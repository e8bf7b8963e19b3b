import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useWorkspace } from '../../components/workspace-context.ts';
import { destinations } from '../navigation.ts';
import styles from './navigation.module.css';
import { WorkspaceSwitcher } from './workspace-switcher.tsx';

/** Which brand, and where to. */
export function Navigation() {
  const { t } = useTranslation('shell');
  const workspace = useWorkspace();
  return (
    <>
      <WorkspaceSwitcher />
      <nav aria-label={t('navigation')}>
        <ul className={styles.list}>
          {destinations
            .filter(({ scope }) => !scope || workspace.can(scope))
            .map(({ key, to, letter, icon: Icon }) => (
              <li key={key}>
                <Link
                  to={to}
                  params={{ workspaceId: String(workspace.id) }}
                  className={styles.link!}
                  activeProps={{ className: styles.active!, 'aria-current': 'page' }}
                  activeOptions={{ includeSearch: false }}
                  aria-keyshortcuts={`g ${letter}`}
                >
                  <Icon />
                  <span>{t(`page.${key}`)}</span>
                </Link>
              </li>
            ))}
        </ul>
      </nav>
    </>
  );
}
