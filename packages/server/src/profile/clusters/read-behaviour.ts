import type { Points } from '@zhiyin/learn';
import type { Workspace } from '../../domain/workspace.ts';
import type { EventStore } from '../../storage/events/event-store.ts';
import { behaviourFeatures, behaviourSql } from './behaviour.ts';

/** People and what is known of their behaviour; NaN is "means nothing here". Profile ids as decimal text, in their order. */
export type Behaviour = { readonly people: readonly string[]; readonly points: Points };

export type BehaviourOptions = {
  readonly at: Date;
  readonly who: 'buyers' | 'active';
  readonly signal?: AbortSignal;
};

const memoryBytesMax = 8 * 1_073_741_824;

export async function readBehaviour(
  events: Pick<EventStore, 'stream'>,
  workspace: Pick<Workspace, 'id' | 'currency' | 'timeZone'>,
  options: BehaviourOptions,
): Promise<Behaviour> {
  const { at, who, signal } = options;
  const rows: { person: string; numbers: (number | null)[] }[] = [];
  const stream = events.stream<(typeof rows)[number]>(
    workspace.id,
    {
      name: 'behaviour',
      parameters: { at, zone: workspace.timeZone, currency: workspace.currency },
      sql: behaviourSql(who),
    },
    { timeoutMs: 3_600_000, memoryBytesMax, ...(signal ? { signal } : {}) },
  );
  for await (const part of stream) for (const row of part) rows.push(row);
  // By id, so that the same people give the same result whatever order the engine sends them in.
  const ordered = rows
    .map((row) => ({ id: BigInt(`0x${row.person}`), numbers: row.numbers }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const dimensions = behaviourFeatures.length;
  const values = new Float64Array(ordered.length * dimensions);
  ordered.forEach(({ numbers }, row) => {
    for (let d = 0; d < dimensions; d++) {
      const value = numbers[d];
      values[row * dimensions + d] = typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN;
    }
  });
  return { people: ordered.map(({ id }) => id.toString()), points: { rows: ordered.length, dimensions, values } };
}
