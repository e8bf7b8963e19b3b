import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type RangeQuery, recommendExplorationSchema, recommendQualitySchema } from '@zhiyin/contract';
import { request } from './client.ts';
import { workspacePath } from './workspace-path.ts';

export type QualityQuestion = RangeQuery & { readonly surface?: string; readonly windowHours?: number };

/** What people did with what they were shown, by surface and version of the model, and by day. */
export const recommendQualityQuery = (workspaceId: number, question: QualityQuestion) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'recommend', 'quality', question],
    queryFn: ({ signal }) =>
      request(recommendQualitySchema, workspacePath(workspaceId, '/recommend/quality'), { query: question, signal }),
    placeholderData: keepPreviousData,
  });

/** What trying items cost, and what came of it. */
export const recommendExplorationQuery = (workspaceId: number, question: QualityQuestion) =>
  queryOptions({
    queryKey: ['workspace', workspaceId, 'recommend', 'exploration', question],
    queryFn: ({ signal }) =>
      request(recommendExplorationSchema, workspacePath(workspaceId, '/recommend/exploration'), {
        query: question,
        signal,
      }),
    placeholderData: keepPreviousData,
  });
