import { workspaceTables } from '../storage/events/schema.ts';
import type { Stores } from '../storage/stores.ts';

/** Rows and a checksum of every table of both stores. Written apart from backup's own figures, to check those. */
export async function storeFacts({ events, control }: Stores): Promise<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const table of workspaceTables) {
    const final = ['events', 'order_lines', 'decisions'].includes(table) ? '' : 'FINAL';
    const [row] = await events.maintain<{ rows: string; checksum: string }>(
      `SELECT count() AS rows, sum(sipHash64(toString(tuple(*)))) AS checksum FROM zhiyin.${table} ${final}`,
      'test: facts of a table',
    );
    facts[`events.${table}`] = `${row?.rows} ${row?.checksum}`;
  }
  const tables = await control.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'zhiyin' and table_type = 'BASE TABLE'",
  );
  for (const { name } of tables) {
    // Says when each directory was migrated, which differs.
    if (name === 'schema_migrations') continue;
    const [row] = await control.query<{ rows: string; checksum: string }>(
      `select count(*) as rows, coalesce(sum(hashtextextended(one::text, 0)), 0) as checksum from zhiyin.${name} as one`,
    );
    facts[`control.${name}`] = `${row?.rows} ${row?.checksum}`;
  }
  return facts;
}
