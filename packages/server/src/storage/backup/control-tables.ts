import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import type { TableFacts } from './manifest.ts';

const rowsAtOnce = 1000;

/**
 * The control store as text: one file a table, one row a line, as `to_json(row)`; `sequences.json` beside them. Every type
 * comes back exactly through `json_populate_recordset`. `client` is inside a REPEATABLE READ transaction.
 */
export async function dumpControl(client: pg.Client, schema: string, dir: string): Promise<TableFacts[]> {
  await mkdir(dir, { recursive: true });
  const facts: TableFacts[] = [];
  for (const table of await tablesInFillOrder(client, schema)) {
    const out = createWriteStream(path.join(dir, `${table}.ndjson`), { mode: 0o600 });
    await client.query(`declare dump no scroll cursor for select to_json(t)::text as row from ${schema}.${table} t`);
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`fetch ${rowsAtOnce} from dump`);
      if (rows.length === 0) break;
      if (!out.write(rows.map(({ row }) => `${row}\n`).join(''))) {
        await once(out, 'drain');
      }
    }
    await client.query('close dump');
    out.end();
    await finished(out);
    facts.push(await controlFacts(client, schema, table));
  }
  const sequences = await client.query(
    'select sequencename as name, last_value::text as value from pg_sequences where schemaname = $1 and last_value is not null',
    [schema],
  );
  const out = createWriteStream(path.join(dir, 'sequences.json'), { mode: 0o600 });
  out.end(JSON.stringify(sequences.rows));
  await finished(out);
  return facts;
}

/** Fills empty tables of the same schema version. */
export async function loadControl(
  client: pg.Client,
  schema: string,
  dir: string,
  tables: readonly TableFacts[],
): Promise<void> {
  for (const { table } of tables) {
    const columns = await writableColumns(client, schema, table);
    const insert = `insert into ${schema}.${table} (${columns}) overriding system value
      select ${columns} from json_populate_recordset(null::${schema}.${table}, $1::json)`;
    let batch: string[] = [];
    const flush = async () => {
      if (batch.length > 0) await client.query(insert, [`[${batch.join(',')}]`]);
      batch = [];
    };
    for await (const line of createInterface({ input: createReadStream(path.join(dir, `${table}.ndjson`)) })) {
      if (line !== '') batch.push(line);
      if (batch.length >= rowsAtOnce) await flush();
    }
    await flush();
  }
  let text = '';
  for await (const chunk of createReadStream(path.join(dir, 'sequences.json'), 'utf8')) text += chunk;
  for (const { name, value } of JSON.parse(text) as { name: string; value: string }[]) {
    await client.query('select setval($1::regclass, $2::bigint)', [`${schema}."${name}"`, value]);
  }
}

/** Rows and an order-free sum of their hashes. */
export async function controlFacts(client: pg.Client, schema: string, table: string): Promise<TableFacts> {
  const { rows } = await client.query<{ rows: string; sum: string }>(
    `select count(*) as rows, coalesce(sum(hashtextextended(to_json(t)::text, 0)::numeric), 0)::text as sum from ${schema}.${table} t`,
  );
  const sum = rows[0]?.sum ?? '0';
  return { table, rows: Number(rows[0]?.rows), checksum: createHash('sha256').update(sum).digest('hex').slice(0, 32) };
}

/** Tables that others point to come first. `schema_migrations` is written by the migrations themselves. */
async function tablesInFillOrder(client: pg.Client, schema: string): Promise<string[]> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = $1 and tablename <> 'schema_migrations' order by 1`,
    [schema],
  );
  const { rows: links } = await client.query<{ child: string; parent: string }>(
    `select c.relname as child, p.relname as parent from pg_constraint f
     join pg_class c on c.oid = f.conrelid join pg_class p on p.oid = f.confrelid
     join pg_namespace n on n.oid = c.relnamespace where f.contype = 'f' and n.nspname = $1 and c.oid <> p.oid`,
    [schema],
  );
  const waiting = new Set(tables.map((table) => table.name));
  const ordered: string[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter((name) => !links.some((link) => link.child === name && waiting.has(link.parent)));
    // A circle of references cannot be ordered; none exists, and a restore would say so.
    for (const name of ready.length > 0 ? ready : [...waiting]) {
      ordered.push(name);
      waiting.delete(name);
    }
  }
  return ordered;
}

async function writableColumns(client: pg.Client, schema: string, table: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(a.attname) as name from pg_attribute a
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum`,
    [`${schema}.${table}`],
  );
  return rows.map((row) => row.name).join(', ');
}
