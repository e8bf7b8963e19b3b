import type { FastifyRequest } from 'fastify';
import type { ControlStore } from '../storage/control/control-store.ts';
import { type AuditDetails, type AuditEntryInput, appendAudit } from '../trust/index.ts';
import { accessOf, workspaceOf } from './access.ts';
import type { Act } from './deps.ts';

type Entry = Pick<AuditEntryInput, 'action' | 'target'> & { details?: AuditDetails };

/** Runs a change so that it leaves exactly one audit entry: from inside the stage's transaction, or else right after. */
export async function audited<Answer>(
  control: ControlStore,
  request: FastifyRequest,
  entry: Entry,
  change: (act: Act) => Promise<Answer>,
  found: (answer: Answer) => AuditDetails = () => ({}),
): Promise<Answer> {
  const { actor } = accessOf(request);
  const full = { workspaceId: workspaceOf(request).id, actor, action: entry.action, target: entry.target };
  let written = false;
  const audit: Act['audit'] = async (session, details) => {
    await appendAudit(session, { ...full, details: { ...entry.details, ...details } });
    written = true;
  };
  const answer = await change({ actor, audit });
  if (!written) await control.transaction((session) => audit(session, found(answer)));
  return answer;
}
