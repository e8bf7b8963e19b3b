import type { CustomerRunCreate } from '@zhiyin/contract';
import type { Workspace } from '../../domain/workspace.ts';
import type { Question } from '../../storage/events/event-store.ts';
import type { Stores } from '../../storage/stores.ts';
import { RunFailure } from './run-failure.ts';

type Seed = Extract<CustomerRunCreate, { kind: 'look_alike' }>['seed'];

const seedMax = 1_000_000;

/** Profile ids of the people to look like. */
export async function readSeedPeople(stores: Stores, workspace: Workspace, seed: Seed): Promise<string[]> {
  const ids: string[] = [];
  const rows = stores.events.stream<{ profile_id: string }>(workspace.id, questionOf(seed));
  for await (const part of rows) {
    for (const { profile_id } of part) ids.push(profile_id);
    if (ids.length > seedMax) throw new RunFailure('one_class', `The seed has more than ${seedMax} people.`);
  }
  return ids;
}

function questionOf(seed: Seed): Question {
  if (seed.kind === 'segment') {
    return {
      name: 'seed-segment',
      parameters: { segment: seed.segmentId },
      sql: 'SELECT profile_id FROM @segment_memberships WHERE has(segments, {segment:UInt32})',
    };
  }
  if (seed.kind === 'list') {
    return {
      name: 'seed-list',
      parameters: { list: seed.listId },
      sql: 'SELECT DISTINCT profile_id FROM @person_list_members WHERE list_id = {list:UInt32}',
    };
  }
  return {
    name: 'seed-computed',
    parameters: { name: seed.name, value: JSON.stringify(seed.value) },
    sql: 'SELECT profile_id FROM @person_computed_traits WHERE name = {name:String} AND value = {value:String}',
  };
}
