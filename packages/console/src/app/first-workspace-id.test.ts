import type { Session } from '@zhiyin/contract';
import { expect, it } from 'vitest';
import { firstWorkspaceId } from './first-workspace-id.ts';

const session = (last: number | undefined, workspaces: { id: number; isDemo: boolean }[]) =>
  ({ operator: { preferences: { workspaceId: last } }, workspaces }) as unknown as Session;

it('opens the workspace last used, else one’s own, else the demo', () => {
  const both = [
    { id: 1, isDemo: true },
    { id: 2, isDemo: false },
  ];
  expect(firstWorkspaceId(session(1, both))).toBe(1);
  expect(firstWorkspaceId(session(undefined, both))).toBe(2);
  expect(firstWorkspaceId(session(9, [{ id: 1, isDemo: true }]))).toBe(1);
  expect(firstWorkspaceId(session(undefined, []))).toBeNull();
});
