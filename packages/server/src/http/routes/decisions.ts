import { decisionSchema, decisionsQuerySchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { AppError } from '../../domain/app-error.ts';
import { asProfileId, type WorkspaceId } from '../../domain/ids.ts';
import type { DecisionLedger } from '../../storage/ledger/decision-ledger.ts';
import { workspaceOf } from '../access.ts';
import type { HttpDeps } from '../deps.ts';
import { workspacePolicy } from '../policy.ts';
import { type Api, listOf, workspaceParams } from './api.ts';

/** Everything Zhiyin chose for people, and why. */
export function decisionRoutes(app: Api, deps: HttpDeps): void {
  app.get(
    '/workspaces/:workspaceId/decisions',
    {
      config: { policy: workspacePolicy('people:read') },
      schema: {
        tags: ['People'],
        summary: 'The decision ledger, newest first',
        params: workspaceParams,
        querystring: decisionsQuerySchema,
        response: listOf(decisionSchema),
      },
    },
    (request) => listDecisions(deps.stores.ledger, workspaceOf(request).id, request.query),
  );
}

async function listDecisions(
  ledger: DecisionLedger,
  workspaceId: WorkspaceId,
  { profileId, surface, cursor, limit }: z.output<typeof decisionsQuerySchema>,
) {
  const decisions = await ledger.list(workspaceId, {
    ...(profileId ? { profileId: asProfileId(profileId) } : {}),
    ...(surface ? { surface } : {}),
    ...(cursor ? { before: parseCursor(cursor) } : {}),
    limit: limit + 1,
  });
  const page = decisions.slice(0, limit);
  return {
    rows: page.map(({ workspaceId: _workspaceId, ...decision }) => ({
      ...decision,
      decidedAt: decision.decidedAt.toISOString(),
      candidates: [...decision.candidates],
      scores: [...decision.scores],
      reasons: [...decision.reasons],
      policyChecks: [...decision.policyChecks],
    })),
    nextCursor: decisions.length > limit ? (page.at(-1)?.decidedAt.toISOString() ?? null) : null,
    total: null,
  };
}

function parseCursor(cursor: string): Date {
  const at = new Date(cursor);
  if (Number.isNaN(at.getTime())) {
    throw new AppError('input.invalid', 'The cursor is not one of ours.', {
      details: { field: 'cursor', fix: 'Use nextCursor of the page before, unchanged.' },
    });
  }
  return at;
}
