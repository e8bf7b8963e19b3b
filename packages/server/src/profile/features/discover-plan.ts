import type { Workspace } from '../../domain/workspace.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import type { FeaturePlan } from './feature.ts';
import { knownEvents } from './seen-features.ts';

const eventsMax = 12;
const traitsMax = 12;
const levelsMax = 40;
/** Rarer than this says nothing about enough people. */
const peopleMin = 50;
/** What a path of the engine may be made of; others are left out, never put into a statement. */
const pathShape = /^[\p{L}_][\p{L}\p{N}_]*(\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

type TraitRow = { name: string; people: string; levels: string; numbers: number; days: number };

/** Which of the brand's own events and traits become features: frequent events, traits of few values, numbers. */
export async function discoverPlan(
  events: EventStore,
  workspace: Pick<Workspace, 'id' | 'currency' | 'timeZone'>,
  until: Date,
): Promise<FeaturePlan> {
  const named = await events.read<{ name: string }>(
    workspace.id,
    {
      name: 'feature-events',
      parameters: { until, known: knownEvents },
      sql: `SELECT name FROM @events
          WHERE type IN ('track', 'page', 'screen') AND name NOT IN {known:Array(String)}
            AND occurred_at < {until:DateTime64(3)} AND occurred_at >= {until:DateTime64(3)} - INTERVAL 1 YEAR
          GROUP BY name HAVING uniq(identity_id) >= ${peopleMin} ORDER BY count() DESC, name LIMIT ${eventsMax}`,
    },
    { timeoutMs: 120_000 },
  );
  const traits = await events.read<TraitRow>(
    workspace.id,
    {
      name: 'feature-traits',
      // Values are JSON texts: a number is one without quotes.
      sql: `SELECT name, uniq(identity_id) AS people, uniq(value) AS levels,
            countIf(toFloat64OrNull(value) IS NOT NULL) / count() AS numbers,
            countIf(match(value, '^"\\\\d{4}-\\\\d{2}-\\\\d{2}')) / count() AS days
          FROM @traits GROUP BY name HAVING people >= ${peopleMin} ORDER BY people DESC, name LIMIT 200`,
    },
    { timeoutMs: 120_000 },
  );
  return {
    version: 1,
    currency: workspace.currency,
    timeZone: workspace.timeZone,
    events: named.rows.map(({ name }) => name),
    traits: traits.rows.flatMap((row) => toTrait(row) ?? []).slice(0, traitsMax),
  };
}

function toTrait({ name, levels, numbers, days }: TraitRow): FeaturePlan['traits'][number] | undefined {
  if (!pathShape.test(name)) return undefined;
  const count = Number(levels);
  if (count < 2 || days > 0.9) return undefined;
  if (numbers > 0.95 && count > 5) return { name, kind: 'number' };
  return count <= levelsMax ? { name, kind: 'category' } : undefined;
}
