import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { workspaceQuery } from '../../api/workspaces.ts';
import { PageHead } from '../../components/page-head.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { TableSkeleton } from '../../components/skeletons.tsx';
import { useWorkspace } from '../../components/workspace-context.ts';
import { WorkspaceForm } from './workspace-form.tsx';

/** The brand, and the rules its data is cleaned by. */
export function WorkspacePage() {
  const { t } = useTranslation('settings');
  const workspace = useWorkspace();
  const settings = useQuery(workspaceQuery(workspace.id));
  return (
    <>
      <PageHead
        title={t('workspace.title')}
        answer={t('workspace.answer', {
          name: workspace.name,
          currency: workspace.currency,
          timeZone: workspace.timeZone,
        })}
      />
      <QueryState query={settings} loading={<TableSkeleton rows={6} />}>
        {(data) => <WorkspaceForm key={data.id} workspace={data} mayWrite={workspace.can('settings:write')} />}
      </QueryState>
    </>
  );
}
