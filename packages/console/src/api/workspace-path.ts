/** Start of every path that belongs to a workspace. */
export const workspacePath = (workspaceId: number, rest = ''): string => `/api/workspaces/${workspaceId}${rest}`;
