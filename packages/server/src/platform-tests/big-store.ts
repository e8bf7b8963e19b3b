import { asWorkspaceId, type WorkspaceId } from '../domain/ids.ts';
import type { Stores } from '../storage/stores.ts';

/** People whose identifiers are known to the vault, so that searching for them goes the whole way. */
export const knownPeople = 2_000;
export const userIdOf = (person: number): string => `bench-user-${person}`;

/**
 * A workspace with millions of events, made inside the engine: a year of 50 events a person, ordered and typed as real ones are.
 * Some of the people are registered like everybody who came through the front door.
 */
export async function fillBigStore(stores: Stores, workspaceId: WorkspaceId, events: number): Promise<void> {
  const vault = await stores.vault.of(workspaceId);
  const ids = Array.from({ length: knownPeople }, (_, person) => vault.surrogate('user_id', userIdOf(person)));
  const sealed = ids.map((id, person) => ({ id, person }));
  await stores.control.transaction(async (session) => {
    const workspace = session.of(workspaceId);
    await workspace.query(
      `insert into identities (workspace_id, identity_id, kind, value_sealed, first_seen_at)
       select $1, id, 'user_id', ''::bytea, now() from unnest($2::bigint[]) as given (id) on conflict do nothing`,
      [sealed.map(({ id }) => id)],
    );
  });
  const people = Math.max(knownPeople, Math.floor(events / 50));
  await stores.events.maintain(
    'CREATE TABLE IF NOT EXISTS zhiyin.bench_people (number UInt64, id UInt64) ENGINE = Memory',
    'bench',
  );
  await stores.events.maintain(
    `INSERT INTO zhiyin.bench_people SELECT rowNumberInAllBlocks(), arrayJoin(CAST([${ids.join(',')}], 'Array(UInt64)'))`,
    'bench',
  );
  const batch = 1_000_000;
  for (let from = 0; from < events; from += batch) {
    const count = Math.min(batch, events - from);
    await stores.events.maintain(
      `INSERT INTO zhiyin.events (workspace_id, source_id, message_key, identity_id, type, name, occurred_at, received_at, properties, context, repairs, import_id)
       SELECT ${workspaceId}, 1, reinterpretAsUUID(sipHash128(number)),
         if(known.id = 0, bitAnd(sipHash64(number % ${people}), 0x7fffffffffffffff), known.id),
         'track', ['Product Viewed', 'Product Added', 'Order Completed', 'Page Viewed'][1 + number % 4],
         now64(3) - toIntervalSecond(sipHash64(number, 1) % 31536000), now64(3) - toIntervalSecond(number % 2000000),
         concat('{"product_id":"sku-', toString(number % 5000), '","price":', toString(10 + number % 90), ',"currency":"CNY"}'),
         '{"page":{"path":"/p"}}', [], 0
       FROM numbers(${from}, ${count}) AS made LEFT JOIN zhiyin.bench_people AS known ON made.number % ${people} = known.number`,
      'bench',
    );
  }
  await stores.events.maintain('DROP TABLE zhiyin.bench_people', 'bench');
}

export const benchWorkspace = asWorkspaceId(1);
