import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import {
  pageOf,
  panelSchema,
  personSegmentSchema,
  type Segment,
  type SegmentCreate,
  type SegmentPreviewRequest,
  type SegmentsQuery,
  type SegmentUpdate,
  segmentComparisonSchema,
  segmentFromWordsSchema,
  segmentMemberSchema,
  segmentOverlapSchema,
  segmentPreviewSchema,
  segmentSchema,
  segmentVocabularySchema,
  segmentWhySchema,
} from '@zhiyin/contract';
import type { DayRange } from '../components/range.ts';
import { request } from './client.ts';
import { rowsOf } from './rows-of.ts';
import { workspacePath } from './workspace-path.ts';

const segmentsKey = (workspaceId: number) => ['workspace', workspaceId, 'segments'] as const;
const path = (workspaceId: number, rest = '') => workspacePath(workspaceId, `/segments${rest}`);
const movingMs = 1_500;

export const segmentsQuery = (workspaceId: number, query: Omit<SegmentsQuery, 'cursor'> = {}) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), 'list', query],
    queryFn: async ({ signal }) =>
      (await request(rowsOf(segmentSchema), path(workspaceId), { query: { limit: 200, ...query }, signal })).rows,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.some((one) => one.computing) ? movingMs : false),
  });

export const segmentQuery = (workspaceId: number, segmentId: number) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), segmentId],
    queryFn: ({ signal }) => request(segmentSchema, path(workspaceId, `/${segmentId}`), { signal }),
    refetchInterval: ({ state }) => (state.data?.computing ? movingMs : false),
  });

/** Who a rule that is not saved would take in; asked anew with every change of it. */
export const segmentPreviewQuery = (workspaceId: number, asked: SegmentPreviewRequest | null) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), 'preview', asked],
    queryFn: ({ signal }) =>
      request(segmentPreviewSchema, path(workspaceId, '/preview'), { method: 'POST', body: asked, signal }),
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    gcTime: 30_000,
    retry: false,
  });

/** What rules can be made of: events with their properties, traits, places, with their most frequent values. */
export const segmentVocabularyQuery = (workspaceId: number) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), 'vocabulary'],
    queryFn: ({ signal }) => request(segmentVocabularySchema, path(workspaceId, '/vocabulary'), { signal }),
    staleTime: 60_000,
  });

export const segmentMembersQuery = (workspaceId: number, segmentId: number, search: string | undefined) =>
  infiniteQueryOptions({
    queryKey: [...segmentsKey(workspaceId), segmentId, 'members', search],
    queryFn: ({ pageParam, signal }) =>
      request(pageOf(segmentMemberSchema), path(workspaceId, `/${segmentId}/members`), {
        query: { search, cursor: pageParam, limit: 20 },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });

export const segmentSizeQuery = (workspaceId: number, segmentId: number, range: DayRange) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), segmentId, 'size', range],
    queryFn: ({ signal }) =>
      request(panelSchema, path(workspaceId, `/${segmentId}/size`), { query: { ...range }, signal }),
    placeholderData: keepPreviousData,
  });

export const segmentOverlapQuery = (workspaceId: number, segmentIds: readonly number[]) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), 'overlap', segmentIds],
    queryFn: ({ signal }) =>
      request(segmentOverlapSchema, path(workspaceId, '/overlap'), { method: 'POST', body: { segmentIds }, signal }),
    enabled: segmentIds.length >= 2,
    placeholderData: keepPreviousData,
  });

/** With another segment, or with everybody who is not in it (null). */
export const segmentComparisonQuery = (workspaceId: number, segmentId: number, withId: number | null) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), segmentId, 'compare', withId],
    queryFn: ({ signal }) =>
      request(segmentComparisonSchema, path(workspaceId, '/compare'), {
        method: 'POST',
        body: { segmentId, withId },
        signal,
      }),
  });

export const segmentWhyQuery = (workspaceId: number, segmentId: number, profileId: string | null) =>
  queryOptions({
    queryKey: [...segmentsKey(workspaceId), segmentId, 'why', profileId],
    queryFn: ({ signal }) =>
      request(segmentWhySchema, path(workspaceId, '/why'), { method: 'POST', body: { segmentId, profileId }, signal }),
    enabled: profileId !== null,
    staleTime: 0,
  });

export const personSegmentsQuery = (workspaceId: number, profileId: string) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'people', profileId, 'segments'],
    queryFn: async ({ signal }) =>
      (
        await request(rowsOf(personSegmentSchema), workspacePath(workspaceId, `/people/${profileId}/segments`), {
          signal,
        })
      ).rows,
  });

export function useRuleFromWords(workspaceId: number) {
  return useMutation({
    mutationFn: (asked: { text: string; locale: 'en' | 'zh-CN' }) =>
      request(segmentFromWordsSchema, path(workspaceId, '/from-words'), { method: 'POST', body: asked }),
  });
}

export function useSaveSegment(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ segmentId, body }: { segmentId: number | null; body: SegmentCreate | SegmentUpdate }) =>
      segmentId === null
        ? request(segmentSchema, path(workspaceId), { method: 'POST', body })
        : request(segmentSchema, path(workspaceId, `/${segmentId}`), { method: 'PATCH', body }),
    onSuccess: (saved) => {
      client.setQueryData<Segment>([...segmentsKey(workspaceId), saved.id], saved);
      return client.invalidateQueries({ queryKey: segmentsKey(workspaceId) });
    },
  });
}

/** Put away, or brought back: its people and its history stay. */
export function useArchiveSegment(workspaceId: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ segmentId, verb }: { segmentId: number; verb: 'archive' | 'restore' }) =>
      request(segmentSchema, path(workspaceId, `/${segmentId}/${verb}`), { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: segmentsKey(workspaceId) }),
  });
}
