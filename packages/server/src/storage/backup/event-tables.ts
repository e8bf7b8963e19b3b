import type { EventStore } from '../events/index.ts';
import { tables } from '../events/index.ts';
import type { TableFacts } from './manifest.ts';

/** Rows and an order-free sum of row hashes per table. Of replacing tables the newest versions: older ones go when parts merge. */
export async function eventFacts(events: EventStore, database: string): Promise<TableFacts[]> {
  const facts: TableFacts[] = [];
  for (const { name, family } of tables) {
    const final = family.startsWith('Replacing') ? 'FINAL' : '';
    const [row] = await events.maintain<{ rows: string; checksum: string }>(
      `SELECT count() AS rows, hex(sum(cityHash64(toString(tuple(*))))) AS checksum FROM ${database}.${name} ${final}`,
      'backup: counts and checksums',
    );
    facts.push({ table: name, rows: Number(row?.rows), checksum: row?.checksum ?? '' });
  }
  return facts;
}
