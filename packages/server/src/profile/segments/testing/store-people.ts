import { randomUUID } from 'node:crypto';
import type { WorkspaceId } from '../../../domain/ids.ts';
import type { Stores } from '../../../storage/stores.ts';
import type { ToldLine, ToldPerson } from './interpret-rule.ts';

/** Rows of told people in the event store, as cleaning would have left them. `identityOf`: rows of one person may lie under several identities. */
export async function storePeople(
  stores: Pick<Stores, 'events'>,
  workspaceId: WorkspaceId,
  people: readonly ToldPerson[],
  identityOf: (person: ToldPerson, row: number) => string = (person) => person.profileId,
): Promise<void> {
  const own = (person: ToldPerson, row: number) => ({
    workspace_id: workspaceId,
    source_id: 1,
    identity_id: identityOf(person, row),
  });
  const at = (ms: number) => new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
  const append = async (table: 'events' | 'order_lines' | 'traits', rows: Record<string, unknown>[]) => {
    if (rows.length > 0) await stores.events.append(table, rows, randomUUID());
  };
  await append(
    'events',
    people.flatMap((person) =>
      person.events.map((event, i) => ({
        ...own(person, i),
        message_key: event.key || randomUUID(),
        type: 'track',
        name: event.name,
        occurred_at: at(event.at),
        received_at: at(event.at),
        properties: event.properties,
        context: {},
        repairs: [],
        import_id: 0,
      })),
    ),
  );
  await append(
    'order_lines',
    people.flatMap((person) =>
      person.lines.map((line, i) => ({
        ...own(person, i),
        ...lineCells(line),
        occurred_at: at(line.at),
        received_at: at(line.at),
      })),
    ),
  );
  await append(
    'traits',
    people.flatMap((person) =>
      person.traits.map((trait, i) => ({
        ...own(person, i),
        name: trait.name,
        value: JSON.stringify(trait.value),
        occurred_at: at(trait.at),
        message_key: randomUUID(),
        version: trait.at,
      })),
    ),
  );
}

const lineCells = (line: ToldLine) => ({
  line_key: randomUUID(),
  order_id: line.orderId,
  kind: line.kind,
  item_id: line.itemId,
  item_name: '',
  category: line.category,
  quantity: line.quantity,
  unit_price: line.unitPrice,
  amount_minor: line.amountMinor,
  currency: line.currency,
  import_id: 0,
});
