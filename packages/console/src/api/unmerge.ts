import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unmergedSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

export interface MergeEdge {
  lowId: string;
  highId: string;
}

/** Takes a merge back, or (`remerge`) makes it again. All history moves at once, so everything about people is asked anew. */
export function useUnmerge(workspaceId: number, profileId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ verb, edge }: { verb: 'unmerge' | 'remerge'; edge: MergeEdge }) =>
      request(unmergedSchema, workspacePath(workspaceId, `/people/${encodeURIComponent(profileId)}/${verb}`), {
        method: 'POST',
        body: { lowId: edge.lowId, highId: edge.highId },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['workspace', workspaceId, 'people'] }),
  });
}
