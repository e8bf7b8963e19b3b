import { createHash } from 'node:crypto';
import { assert } from '../../domain/app-error.ts';
import { asProfileId, type ProfileId, type WorkspaceId } from '../../domain/ids.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Decision, DecisionLedger } from './decision-ledger.ts';

const rowsMax = 1000;
const listMax = 10_000;

/** The ledger in the event store's table `decisions`. */
export function openDecisionLedger(events: EventStore): DecisionLedger {
  return {
    async write(decisions) {
      decisions.forEach(assertDecision);
      for (const [workspaceId, own] of byWorkspace(decisions)) {
        for (let start = 0; start < own.length; start += rowsMax) {
          const fresh = await withoutKnown(events, workspaceId, own.slice(start, start + rowsMax));
          if (fresh.length > 0) await events.append('decisions', fresh.map(toRow), tokenOf(fresh));
        }
      }
    },

    async list(workspaceId, filter) {
      assert(
        filter.limit > 0 && filter.limit <= listMax,
        `ledger.list: limit must be 1 to ${listMax}, got ${filter.limit}`,
      );
      const conditions = [
        filter.profileId === undefined ? '' : 'profile_id = {profileId:UInt64}',
        filter.surface === undefined ? '' : 'surface = {surface:String}',
        filter.before === undefined ? '' : 'decided_at < {before:DateTime64(3)}',
      ].filter(Boolean);
      const { rows } = await events.read<DecisionRow>(workspaceId, {
        name: 'list-decisions',
        // Two writers may have raced with the same decision: the first one stands.
        sql: `SELECT * FROM @decisions ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
              ORDER BY decided_at DESC, decision_id LIMIT 1 BY decision_id LIMIT {limit:UInt32}`,
        parameters: {
          limit: filter.limit,
          ...(filter.profileId === undefined ? {} : { profileId: filter.profileId }),
          ...(filter.surface === undefined ? {} : { surface: filter.surface }),
          ...(filter.before === undefined ? {} : { before: filter.before }),
        },
      });
      return rows.map((row) => fromRow(workspaceId, row));
    },
  };
}

function assertDecision(decision: Decision): void {
  const { propensity, candidates, scores, decisionId } = decision;
  assert(propensity > 0 && propensity <= 1, `decision ${decisionId}: propensity must be in (0, 1], got ${propensity}`);
  assert(
    candidates.length === scores.length,
    `decision ${decisionId}: ${candidates.length} candidates but ${scores.length} scores`,
  );
}

function byWorkspace(decisions: readonly Decision[]): Map<WorkspaceId, Decision[]> {
  const groups = new Map<WorkspaceId, Map<string, Decision>>();
  for (const decision of decisions) {
    const group = groups.get(decision.workspaceId) ?? new Map<string, Decision>();
    if (!group.has(decision.decisionId)) group.set(decision.decisionId, decision);
    groups.set(decision.workspaceId, group);
  }
  return new Map([...groups].map(([workspaceId, group]) => [workspaceId, [...group.values()]]));
}

/** The token forgets after some thousands of inserts; the table does not. */
async function withoutKnown(
  events: EventStore,
  workspaceId: WorkspaceId,
  own: readonly Decision[],
): Promise<Decision[]> {
  const { rows } = await events.read<{ decision_id: string }>(workspaceId, {
    name: 'find-known-decisions',
    sql: `SELECT DISTINCT decision_id FROM @decisions
          WHERE decision_id IN {ids:Array(UUID)} AND profile_id IN {profileIds:Array(UInt64)}`,
    parameters: {
      ids: own.map((decision) => decision.decisionId),
      profileIds: [...new Set(own.map((decision) => decision.profileId))],
    },
  });
  const known = new Set(rows.map((row) => row.decision_id));
  return own.filter((decision) => !known.has(decision.decisionId.toLowerCase()));
}

/** Made of the ids alone: the same decisions tried again are the same insert. */
function tokenOf(decisions: readonly Decision[]): string {
  const ids = decisions.map((decision) => decision.decisionId).sort();
  return createHash('sha256').update(ids.join('\n')).digest('hex');
}

type DecisionRow = {
  decision_id: string;
  profile_id: string;
  decided_at: string;
  surface: string;
  action: string;
  candidates: string[];
  scores: number[];
  model: string;
  model_version: string;
  propensity: number;
  experiment: string;
  arm: string;
  reasons: string;
  consent_basis: string;
  policy_checks: string;
};

function toRow(decision: Decision): Record<string, unknown> & DecisionRow {
  return {
    workspace_id: decision.workspaceId,
    decision_id: decision.decisionId,
    profile_id: decision.profileId,
    decided_at: decision.decidedAt.toISOString().slice(0, 23).replace('T', ' '),
    surface: decision.surface,
    action: decision.action,
    candidates: [...decision.candidates],
    scores: [...decision.scores],
    model: decision.model,
    model_version: decision.modelVersion,
    propensity: decision.propensity,
    experiment: decision.experiment,
    arm: decision.arm,
    reasons: JSON.stringify(decision.reasons),
    consent_basis: decision.consentBasis,
    policy_checks: JSON.stringify(decision.policyChecks),
  };
}

function fromRow(workspaceId: WorkspaceId, row: DecisionRow): Decision {
  return {
    workspaceId,
    decisionId: row.decision_id,
    profileId: asProfileId(row.profile_id) as ProfileId,
    decidedAt: new Date(`${row.decided_at.replace(' ', 'T')}Z`),
    surface: row.surface,
    action: row.action,
    candidates: row.candidates,
    scores: row.scores,
    model: row.model,
    modelVersion: row.model_version,
    propensity: row.propensity,
    experiment: row.experiment,
    arm: row.arm,
    reasons: JSON.parse(row.reasons),
    consentBasis: row.consent_basis,
    policyChecks: JSON.parse(row.policy_checks),
  };
}
