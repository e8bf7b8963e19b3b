import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { pageOf, propertySchema, type propertyUpdateSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { command, request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const propertiesSchema = pageOf(propertySchema);
const propertiesKey = (workspaceId: number) => ['workspace', workspaceId, 'properties'] as const;

/** Personal data found in events, and what is done with it. */
export const propertiesQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: propertiesKey(workspaceId),
    queryFn: async ({ signal }) =>
      (await request(propertiesSchema, workspacePath(workspaceId, '/properties'), { signal })).rows,
  });

export function useUpdateProperty(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof propertyUpdateSchema>) =>
      command(workspacePath(workspaceId, '/properties'), { method: 'PATCH', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: propertiesKey(workspaceId) }),
  });
}
