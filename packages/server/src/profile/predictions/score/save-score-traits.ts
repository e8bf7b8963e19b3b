import type { Workspace } from '../../../domain/workspace.ts';
import type { EventStore } from '../../../storage/events/event-store.ts';
import { type ComputedRow, saveComputedTraits } from '../../computed-traits/index.ts';
import { type Definition, type Trait, traitsOf } from '../prediction.ts';

type Row = { profile_id: string; value: number | string | null };

/** The scores of a run as computed traits: what segments, journeys and exports know people by. Money in major units. */
export async function saveScoreTraits(
  events: EventStore,
  options: {
    readonly workspace: Pick<Workspace, 'id'>;
    readonly definition: Pick<Definition, 'id' | 'key' | 'kind' | 'horizonDays'>;
    readonly runId: number;
    readonly at: Date;
    readonly exponent: number;
  },
): Promise<void> {
  const { workspace, definition, runId, at } = options;
  for (const trait of traitsOf(definition, definition.horizonDays)) {
    const isMoney = definition.kind === 'lifetime_value' && trait.from === 'score';
    await saveComputedTraits({ events }, workspace, {
      name: trait.name,
      source: `prediction:${definition.id}`,
      computedAt: new Date(Math.max(at.getTime(), Date.now())),
      covers: 'everyone',
      rows: readValues(events, workspace, definition.id, runId, trait, isMoney ? 10 ** options.exponent : 1),
    });
  }
}

async function* readValues(
  events: EventStore,
  workspace: Pick<Workspace, 'id'>,
  predictionId: number,
  runId: number,
  { from }: Trait,
  unit: number,
): AsyncIterable<readonly ComputedRow[]> {
  const isFigure = typeof from === 'object';
  const rows = events.stream<Row>(workspace.id, {
    name: 'prediction-traits',
    parameters: { prediction: predictionId, run: runId, ...(isFigure ? { figure: from.figure } : {}) },
    sql: `SELECT profile_id, ${isFigure ? 'figures[{figure:String}]' : from === 'score' ? 'score' : 'toString(label)'} AS value
          FROM @prediction_scores WHERE prediction_id = {prediction:UInt32} AND run_id = {run:UInt32}
          ${isFigure ? 'AND mapContains(figures, {figure:String})' : from === 'label' ? "AND label != ''" : ''}`,
  });
  for await (const part of rows) {
    yield part.map(({ profile_id: profileId, value }) => ({
      profileId,
      value: typeof value === 'number' ? round(value / unit) : value,
    }));
  }
}

/** Six digits: what a rule compares, without the noise of the last ones. */
const round = (value: number): number => Number(value.toPrecision(6));
