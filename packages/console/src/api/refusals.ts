import { queryOptions } from '@tanstack/react-query';
import { pageOf, refusalSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const refusalsPageSchema = pageOf(refusalSchema);

/** Merges that were not made, newest first. */
export const refusalsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'people', 'refusals'],
    queryFn: ({ signal }) =>
      request(refusalsPageSchema, workspacePath(workspaceId, '/identity/refusals'), { query: { limit: 200 }, signal }),
  });
