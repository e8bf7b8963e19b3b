import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  type Import,
  type importCreateSchema,
  importPreviewSchema,
  importSchema,
  type importUpdateSchema,
  type savedMappingCreateSchema,
  savedMappingSchema,
} from '@zhiyin/contract';
import type { z } from 'zod';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

export type ImportUpdate = z.input<typeof importUpdateSchema>;
export type SavedMapping = z.output<typeof savedMappingSchema>;

const importsKey = (workspaceId: number) => ['workspace', workspaceId, 'imports'] as const;
const importPath = (workspaceId: number, importId: number, rest = '') =>
  workspacePath(workspaceId, `/imports/${importId}${rest}`);

/** Work is going on: ask again every second. */
export const isMoving = (state: Import['state']): boolean =>
  state === 'queued' || state === 'running' || state === 'uploading';

export const importsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...importsKey(workspaceId), 'list'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(importSchema), workspacePath(workspaceId, '/imports'), { query: { limit: 50 }, signal }))
        .rows,
    refetchInterval: ({ state }) => (state.data?.some((one) => isMoving(one.state)) ? 2_000 : false),
  });

export const importQuery = (workspaceId: number, importId: number) =>
  queryOptions({
    queryKey: [...importsKey(workspaceId), importId],
    queryFn: ({ signal }) => request(importSchema, importPath(workspaceId, importId), { signal }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data.state) ? 1_000 : false),
  });

/** 20 rows as they will become; asked anew when mapping or options change. */
export const importPreviewQuery = (workspaceId: number, record: Import) =>
  queryOptions({
    queryKey: [...importsKey(workspaceId), record.id, 'preview', record.kind, record.mapping, record.options],
    queryFn: ({ signal }) => request(importPreviewSchema, importPath(workspaceId, record.id, '/preview'), { signal }),
    enabled: record.state === 'ready' && record.kind !== null,
    placeholderData: (previous) => previous,
    staleTime: Number.POSITIVE_INFINITY,
  });

export const savedMappingsQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'mappings'],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(savedMappingSchema), workspacePath(workspaceId, '/import-mappings'), { signal })).rows,
  });

export function useCreateImport(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof importCreateSchema>) =>
      request(importSchema, workspacePath(workspaceId, '/imports'), { method: 'POST', body }),
    onSuccess: (record) => client.setQueryData([...importsKey(workspaceId), record.id], record),
  });
}

export function useUpdateImport(workspaceId: number, importId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ImportUpdate) =>
      request(importSchema, importPath(workspaceId, importId), { method: 'PATCH', body }),
    onSuccess: (record) => client.setQueryData([...importsKey(workspaceId), importId], record),
  });
}

/** Start or cancel. */
export function useImportCommand(workspaceId: number, importId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (name: 'start' | 'cancel') =>
      request(importSchema, importPath(workspaceId, importId, `/${name}`), { method: 'POST', body: {} }),
    onSuccess: (record) => {
      client.setQueryData([...importsKey(workspaceId), importId], record);
      return client.invalidateQueries({ queryKey: [...importsKey(workspaceId), 'list'] });
    },
  });
}

export function useSaveMapping(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: z.input<typeof savedMappingCreateSchema>) =>
      request(savedMappingSchema, workspacePath(workspaceId, '/import-mappings'), { method: 'POST', body }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['workspace', workspaceId, 'mappings'] }),
  });
}
