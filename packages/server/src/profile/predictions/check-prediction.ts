import type { PredictionCheck, PredictionOptions, predictionCreateSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { outcomeParameters, outcomesSql } from './labels.ts';
import { daysNeeded, planCuts } from './plan-cuts.ts';
import { isYesNo, say } from './prediction.ts';
import { readExtent } from './read-extent.ts';
import { positivesMin } from './train/train-yes-no.ts';

type Ask = Pick<z.output<typeof predictionCreateSchema>, 'kind' | 'goalEvent' | 'horizonDays' | 'who'>;

/** Whether there is enough to learn from, in seconds instead of after a training: people one horizon ago and what came of them. */
export async function checkPrediction(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  ask: Ask,
  now: Date,
): Promise<PredictionCheck> {
  const extent = await readExtent(stores.events, workspace.id, now);
  if (!extent) return { eligible: 0, positives: null, cuts: 0, refusal: say('no_data') };
  const instants = planCuts(extent.from, extent.until, ask.horizonDays);
  const at = instants.at(-1) ?? extent.until;
  const until = new Date(at.getTime() + ask.horizonDays * 86_400_000);
  const { rows } = await stores.events.read<{ eligible: string; came: string }>(
    workspace.id,
    {
      name: 'prediction-check',
      parameters: {
        ...outcomeParameters(ask, at, until),
        since: new Date(at.getTime() - ask.who.withinDays * 86_400_000),
      },
      sql: `SELECT count() AS eligible, countIf(came.profile_id != 0) AS came
            FROM (${eligibleSql(ask.who.kind)}) AS people
            LEFT JOIN (${outcomesSql(ask)}) AS came ON came.profile_id = people.profile_id`,
    },
    { timeoutMs: 60_000 },
  );
  const eligible = Number(rows[0]?.eligible ?? 0);
  const came = Number(rows[0]?.came ?? 0);
  const positives = !isYesNo(ask.kind) ? null : ask.kind === 'churn' ? eligible - came : came;
  return {
    eligible,
    positives,
    cuts: instants.length,
    refusal: refusalOf(ask, { eligible, positives, instants, extent }),
  };
}

function eligibleSql(who: Ask['who']['kind']): string {
  if (who === 'buyers') {
    return `SELECT DISTINCT profile_id FROM @person_order_lines
            WHERE kind = 'sale' AND occurred_at < {at:DateTime64(3)} AND occurred_at >= {since:DateTime64(3)}`;
  }
  const since = who === 'active' ? 'AND occurred_at >= {since:DateTime64(3)}' : '';
  return `SELECT DISTINCT profile_id FROM @person_events WHERE occurred_at < {at:DateTime64(3)} ${since}`;
}

function refusalOf(
  { kind, horizonDays }: Ask,
  found: {
    readonly eligible: number;
    readonly positives: number | null;
    readonly instants: readonly Date[];
    readonly extent: { readonly from: Date; readonly until: Date };
  },
) {
  const { eligible, positives, instants, extent } = found;
  if (instants.length === 0 && kind !== 'anomaly') {
    const days = Math.floor((extent.until.getTime() - extent.from.getTime()) / 86_400_000);
    return say('short_history', { days, needed: daysNeeded(horizonDays) });
  }
  if (eligible === 0) return say('nobody_eligible');
  if (positives === null) return null;
  // Each instant adds about as many: what is needed is needed over all of them.
  const needed = Math.ceil(positivesMin / Math.max(1, instants.length));
  if (positives < needed) return say('few_positives', { found: positives * instants.length, needed: positivesMin });
  if (eligible - positives < needed) {
    return say('few_negatives', { found: (eligible - positives) * instants.length, needed: positivesMin });
  }
  return null;
}

/** Events that can be goals, and since when there is anything. */
export async function readPredictionOptions(
  stores: Pick<Stores, 'events'>,
  workspace: Workspace,
  now: Date,
): Promise<PredictionOptions> {
  const extent = await readExtent(stores.events, workspace.id, now);
  if (!extent) return { goals: [], from: null, to: null, buyers: 0 };
  const { rows } = await stores.events.read<{ name: string; people: string }>(workspace.id, {
    name: 'prediction-goals',
    parameters: { now },
    sql: `SELECT name, uniq(identity_id) AS people FROM @events
          WHERE occurred_at <= {now:DateTime64(3)} AND type NOT IN ('identify', 'alias', 'group') AND name != ''
            AND name NOT IN ('email_delivered', 'sms_delivered', 'push_notification_received')
          GROUP BY name HAVING people >= 20 ORDER BY people DESC, name LIMIT 200`,
  });
  return {
    goals: rows.map(({ name, people }) => ({ name, people: Number(people) })),
    from: extent.from.toISOString(),
    to: extent.until.toISOString(),
    buyers: extent.buyers,
  };
}
