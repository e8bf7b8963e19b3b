import {
  idStringSchema,
  panelSchema,
  personSegmentSchema,
  segmentCompareRequestSchema,
  segmentComparisonSchema,
  segmentCreateSchema,
  segmentFromWordsRequestSchema,
  segmentFromWordsSchema,
  segmentMemberSchema,
  segmentMembersQuerySchema,
  segmentOverlapRequestSchema,
  segmentOverlapSchema,
  segmentPreviewRequestSchema,
  segmentPreviewSchema,
  segmentSchema,
  segmentSizeQuerySchema,
  segmentsQuerySchema,
  segmentUpdateSchema,
  segmentVocabularySchema,
  segmentWhyRequestSchema,
  segmentWhySchema,
} from '@zhiyin/contract';
import type { FastifyRequest } from 'fastify';
import { computeJob, refuseTooLarge } from '../../profile/segments/index.ts';
import { accessOf, viewOf, workspaceOf } from '../access.ts';
import { audited } from '../audited.ts';
import type { Act, HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, answers, listOf, wholeList, withId, workspaceParams } from './api.ts';

const segmentParams = withId('segmentId');
const personParams = workspaceParams.extend({ profileId: idStringSchema });
const ruleBytesMax = 262_144;

/** Before the schema: a rule nested ten thousand deep must not reach a parser. */
async function refuseLargeRules(request: FastifyRequest): Promise<void> {
  refuseTooLarge((request.body as { rule?: unknown } | null)?.rule);
}

/** Segments: rules, who is in them, and why. */
export function segmentRoutes(app: Api, deps: HttpDeps): void {
  const { stores, segments, jobs } = deps;
  const tags = ['Segments'];
  const read = { policy: workspacePolicy('people:read') };
  const write = { policy: workspacePolicy('people:write') };
  const withRule = { bodyLimit: ruleBytesMax, preValidation: refuseLargeRules };
  const actOf = (request: FastifyRequest, { audit }: Act) => {
    const { actor } = accessOf(request);
    return {
      audit,
      by: actor.kind === 'operator' ? actor.id : null,
      sendCompute: async (segmentId: number) => {
        await jobs.send(
          computeJob,
          { segmentId },
          {
            subject: `segment ${segmentId}`,
            workspaceId: workspaceOf(request).id,
          },
        );
      },
    };
  };

  app.get(
    '/workspaces/:workspaceId/segments',
    {
      config: read,
      schema: {
        tags,
        summary: 'Segments',
        params: workspaceParams,
        querystring: segmentsQuerySchema,
        response: listOf(segmentSchema),
      },
    },
    (request) => segments.listSegments(stores, workspaceOf(request), request.query),
  );
  app.post(
    '/workspaces/:workspaceId/segments',
    {
      config: write,
      ...withRule,
      schema: {
        tags,
        summary: 'Make a segment of a rule',
        params: workspaceParams,
        body: segmentCreateSchema,
        response: answers(segmentSchema),
      },
    },
    (request) =>
      audited(stores.control, request, { action: 'segment.create', target: { kind: 'segment', id: '' } }, (act) =>
        segments.createSegment(stores, workspaceOf(request), request.body, actOf(request, act)),
      ),
  );
  app.get(
    '/workspaces/:workspaceId/segments/vocabulary',
    {
      config: read,
      schema: {
        tags,
        summary: 'What rules can be made of',
        params: workspaceParams,
        response: answers(segmentVocabularySchema),
      },
    },
    (request) => segments.readVocabulary(stores, workspaceOf(request)),
  );
  app.post(
    '/workspaces/:workspaceId/segments/from-words',
    {
      config: read,
      schema: {
        tags,
        summary: 'A sentence in Chinese or English as a rule to edit',
        params: workspaceParams,
        body: segmentFromWordsRequestSchema,
        response: answers(segmentFromWordsSchema),
      },
    },
    (request) => segments.readRuleFromWords(stores, workspaceOf(request), request.body),
  );
  app.post(
    '/workspaces/:workspaceId/segments/preview',
    {
      config: read,
      ...withRule,
      schema: {
        tags,
        summary: 'Who a rule that is not saved takes in',
        params: workspaceParams,
        body: segmentPreviewRequestSchema,
        response: answers(segmentPreviewSchema),
      },
    },
    (request) => segments.previewSegment(stores, workspaceOf(request), request.body, viewOf(request)),
  );
  app.post(
    '/workspaces/:workspaceId/segments/overlap',
    {
      config: read,
      schema: {
        tags,
        summary: 'How many are in which combination of segments',
        params: workspaceParams,
        body: segmentOverlapRequestSchema,
        response: answers(segmentOverlapSchema),
      },
    },
    (request) => segments.readOverlap(stores, workspaceOf(request), request.body.segmentIds),
  );
  app.post(
    '/workspaces/:workspaceId/segments/compare',
    {
      config: read,
      schema: {
        tags,
        summary: 'What sets a segment apart from another, or from everybody else',
        params: workspaceParams,
        body: segmentCompareRequestSchema,
        response: answers(segmentComparisonSchema),
      },
    },
    (request) => segments.compareSegments(stores, workspaceOf(request), request.body),
  );
  app.post(
    '/workspaces/:workspaceId/segments/why',
    {
      config: read,
      ...withRule,
      schema: {
        tags,
        summary: 'Whether a person is in a segment, and why',
        params: workspaceParams,
        body: segmentWhyRequestSchema,
        response: answers(segmentWhySchema),
      },
    },
    (request) => segments.explainMembership(stores, workspaceOf(request), request.body),
  );
  app.get(
    '/workspaces/:workspaceId/segments/:segmentId',
    { config: read, schema: { tags, summary: 'One segment', params: segmentParams, response: answers(segmentSchema) } },
    (request) => segments.getSegment(stores, workspaceOf(request), request.params.segmentId!),
  );
  app.patch(
    '/workspaces/:workspaceId/segments/:segmentId',
    {
      config: write,
      ...withRule,
      schema: {
        tags,
        summary: 'Change a segment',
        params: segmentParams,
        body: segmentUpdateSchema,
        response: answers(segmentSchema),
      },
    },
    (request) => {
      const segmentId = request.params.segmentId!;
      const entry = { action: 'segment.update', target: { kind: 'segment', id: String(segmentId) } };
      return audited(stores.control, request, entry, (act) =>
        segments.updateSegment(stores, workspaceOf(request), segmentId, request.body, actOf(request, act)),
      );
    },
  );
  for (const verb of ['archive', 'restore'] as const) {
    app.post(
      `/workspaces/:workspaceId/segments/:segmentId/${verb}`,
      {
        config: write,
        schema: {
          tags,
          summary: verb === 'archive' ? 'Put a segment away: everybody leaves it' : 'Bring a segment back',
          params: segmentParams,
          response: answers(segmentSchema),
        },
      },
      (request) => {
        const { segmentId } = request.params as { segmentId: number };
        const entry = { action: `segment.${verb}`, target: { kind: 'segment', id: String(segmentId) } };
        const change = verb === 'archive' ? segments.archiveSegment : segments.restoreSegment;
        return audited(stores.control, request, entry, (act) =>
          change(stores, workspaceOf(request), segmentId, actOf(request, act)),
        );
      },
    );
  }
  app.get(
    '/workspaces/:workspaceId/segments/:segmentId/members',
    {
      config: read,
      schema: {
        tags,
        summary: 'Who is in a segment',
        params: segmentParams,
        querystring: segmentMembersQuerySchema,
        response: listOf(segmentMemberSchema),
      },
    },
    (request) =>
      segments.listMembers(stores, workspaceOf(request), request.params.segmentId!, request.query, viewOf(request)),
  );
  app.get(
    '/workspaces/:workspaceId/segments/:segmentId/size',
    {
      config: read,
      schema: {
        tags,
        summary: 'How many were in a segment day by day',
        params: segmentParams,
        querystring: segmentSizeQuerySchema,
        response: answers(panelSchema),
      },
    },
    (request) => segments.readSize(stores, workspaceOf(request), request.params.segmentId!, request.query),
  );
  app.get(
    '/workspaces/:workspaceId/people/:profileId/segments',
    {
      config: read,
      schema: { tags, summary: 'Segments a person is in', params: personParams, response: listOf(personSegmentSchema) },
    },
    async (request) =>
      wholeList(await segments.listPersonSegments(stores, workspaceOf(request), request.params.profileId)),
  );
}
