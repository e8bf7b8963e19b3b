import { Outlet, useRouterState } from '@tanstack/react-router';
import { Drawer } from 'antd';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../../api/session.ts';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { WorkspaceContext } from '../../components/workspace-context.ts';
import { workspaceRoute } from '../routes/workspace.ts';
import { KeyList } from './key-list.tsx';
import { Navigation } from './navigation.tsx';
import styles from './shell.module.css';
import { TopBar } from './top-bar.tsx';
import { useKeys } from './use-keys.ts';
import { usePreferences } from './use-preferences.ts';

/** The frame around every page of a workspace. */
export function Shell() {
  const { t } = useTranslation('shell');
  const session = useSession();
  const { workspaceId } = workspaceRoute.useParams();
  const workspace = session.workspaces.find(({ id }) => String(id) === workspaceId)!;
  const [drawerOpen, setDrawerOpen] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  usePreferences(session, workspace.id);
  useKeys({ workspaceId, scopes: workspace.scopes, showKeys: () => setKeysOpen(true) });

  // A new page starts with the menu closed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what is watched
  useEffect(() => setDrawerOpen(false), [path]);

  return (
    <WorkspaceContext value={workspace}>
      <a className={styles.skip} href="#main">
        {t('skip')}
      </a>
      <div className={styles.shell}>
        <TopBar session={session} openMenu={() => setDrawerOpen(true)} showKeys={() => setKeysOpen(true)} />
        <aside className={styles.side}>
          <Navigation />
        </aside>
        <main id="main" tabIndex={-1} className={styles.main}>
          <div className={styles.content}>
            <Suspense fallback={<PageSkeleton />}>
              <Outlet />
            </Suspense>
          </div>
        </main>
      </div>
      <Drawer
        open={drawerOpen}
        onClose={() => setDrawerOpen(false)}
        placement="left"
        size={264}
        title={t('menu.title')}
        styles={{ body: { padding: 12 } }}
      >
        <Navigation />
      </Drawer>
      <KeyList open={keysOpen} close={() => setKeysOpen(false)} />
    </WorkspaceContext>
  );
}
