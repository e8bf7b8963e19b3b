import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { type LlmUpdate, llmCallSchema, llmSettingsSchema, llmTestSchema, pageOf, panelSchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

const llmKey = (workspaceId: number) => ['workspace', workspaceId, 'llm'] as const;
const callsSchema = pageOf(llmCallSchema);

/** What is set for the model endpoint; of its key only whether there is one. */
export const llmSettingsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...llmKey(workspaceId), 'settings'],
    queryFn: ({ signal }) => request(llmSettingsSchema, workspacePath(workspaceId, '/llm'), { signal }),
  });

/** Calls, money and latency, one row a day. */
export const llmUsageQuery = (workspaceId: number, days: number) =>
  queryOptions({
    queryKey: [...llmKey(workspaceId), 'usage', days],
    queryFn: ({ signal }) =>
      request(panelSchema, workspacePath(workspaceId, '/llm/usage'), { query: { days }, signal }),
  });

/** Every call, newest first. */
export const llmCallsQuery = (workspaceId: number) =>
  infiniteQueryOptions({
    queryKey: [...llmKey(workspaceId), 'calls'],
    queryFn: ({ pageParam, signal }) =>
      request(callsSchema, workspacePath(workspaceId, '/llm/calls'), {
        query: { cursor: pageParam, limit: 20 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export function useSaveLlm(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: LlmUpdate) =>
      request(llmSettingsSchema, workspacePath(workspaceId, '/llm'), { method: 'PUT', body }),
    onSuccess: (settings) => client.setQueryData(llmSettingsQuery(workspaceId).queryKey, settings),
  });
}

export function useDeleteLlm(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request(llmSettingsSchema, workspacePath(workspaceId, '/llm'), { method: 'DELETE' }),
    onSuccess: (settings) => client.setQueryData(llmSettingsQuery(workspaceId).queryKey, settings),
  });
}

/** Really calls the endpoint; the calls are in the ledger afterwards. */
export function useTestLlm(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request(llmTestSchema, workspacePath(workspaceId, '/llm/test'), { method: 'POST' }),
    onSuccess: () => client.invalidateQueries({ queryKey: llmKey(workspaceId) }),
  });
}
