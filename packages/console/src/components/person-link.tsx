import { Link } from '@tanstack/react-router';
import { useWorkspace } from './workspace-context.ts';

/** Somebody's name, leading to their page. */
export function PersonLink({ profileId, displayName }: { profileId: string; displayName: string }) {
  const workspace = useWorkspace();
  return (
    <Link to="/w/$workspaceId/people/$profileId" params={{ workspaceId: String(workspace.id), profileId }}>
      {displayName}
    </Link>
  );
}
