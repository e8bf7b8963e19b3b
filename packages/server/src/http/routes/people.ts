import {
  eventRowSchema,
  idStringSchema,
  peopleQuerySchema,
  personEventsQuerySchema,
  personRowSchema,
  personSchema,
  unmergedSchema,
  unmergeRequestSchema,
} from '@zhiyin/contract';
import { viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, workspaceParams } from './api.ts';

const personParams = workspaceParams.extend({ profileId: idStringSchema });

/** People: the list, one person, what they did, and taking merges back. */
export function peopleRoutes(app: Api, deps: HttpDeps): void {
  const { stores, profile } = deps;
  const tags = ['People'];
  const read = { policy: workspacePolicy('people:read') };

  app.get(
    '/workspaces/:workspaceId/people',
    {
      config: read,
      schema: {
        tags,
        summary: 'People, or the person to whom an identifier belongs',
        params: workspaceParams,
        querystring: peopleQuerySchema,
        response: listOf(personRowSchema),
      },
    },
    (request) => profile.listPeople(stores, workspaceOf(request), request.query, viewOf(request)),
  );

  app.get(
    '/workspaces/:workspaceId/people/:profileId',
    {
      config: read,
      schema: { tags, summary: 'One person', params: personParams, response: answers(personSchema) },
    },
    (request) => profile.getPerson(stores, workspaceOf(request), request.params.profileId, viewOf(request)),
  );

  app.get(
    '/workspaces/:workspaceId/people/:profileId/events',
    {
      config: read,
      schema: {
        tags,
        summary: 'What a person did, newest first',
        params: personParams,
        querystring: personEventsQuerySchema,
        response: listOf(eventRowSchema),
      },
    },
    (request) => profile.listPersonEvents(stores, workspaceOf(request), request.params.profileId, request.query),
  );

  for (const verb of ['unmerge', 'remerge'] as const) {
    app.post(
      `/workspaces/:workspaceId/people/:profileId/${verb}`,
      {
        config: { policy: workspacePolicy('people:write') },
        schema: {
          tags,
          summary: verb === 'unmerge' ? 'Take a merge back, for all history' : 'Make a merge again that was taken back',
          params: personParams,
          body: unmergeRequestSchema,
          response: answers(unmergedSchema),
        },
      },
      (request) => {
        const { lowId, highId } = request.body;
        const { profileId } = request.params as { profileId: string };
        const entry = {
          action: `person.${verb}`,
          target: { kind: 'profile', id: profileId },
          details: { lowId, highId },
        };
        return audited(stores.control, request, entry, (act) =>
          deps.clean[verb](stores, workspaceOf(request), request.body, act),
        );
      },
    );
  }
}
