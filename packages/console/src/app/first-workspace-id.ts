import type { Session } from '@zhiyin/contract';

/** The workspace last used, else the operator's own, else the demo. */
export function firstWorkspaceId({ operator, workspaces }: Session): number | null {
  const last = workspaces.find(({ id }) => id === operator.preferences.workspaceId);
  return (last ?? workspaces.find(({ isDemo }) => !isDemo) ?? workspaces[0])?.id ?? null;
}
