import type { Scope, SessionWorkspace } from '@zhiyin/contract';
import { createContext, useContext } from 'react';

export const WorkspaceContext = createContext<SessionWorkspace | null>(null);

export const useWorkspaceOrNull = () => useContext(WorkspaceContext);

/** The workspace that is open, what the operator may do in it, its time zone and currency. */
export function useWorkspace() {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace: used outside of a workspace page');
  return { ...workspace, can: (scope: Scope) => workspace.scopes.includes(scope) };
}
