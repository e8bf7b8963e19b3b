import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { workspaceTables } from '../../storage/events/schema.ts';
import type { WorkspaceTables } from './find-unbound.ts';

const migrations = path.resolve(import.meta.dirname, '../../storage/control/migrations');

/** Read from the schemas themselves, so that a new table is looked after from its first day. */
export function loadWorkspaceTables(): WorkspaceTables {
  const sql = readdirSync(migrations)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => readFileSync(path.join(migrations, file), 'utf8'))
    .join('\n');
  const created = [...sql.matchAll(/create table (?:if not exists )?(\w+) \(([\s\S]*?)\n\);/gi)];
  const own = created.filter(([, , columns]) => /^\s*workspace_id\b/m.test(columns!)).map(([, name]) => name!);
  const added = [...sql.matchAll(/alter table (\w+)\s+add column (?:if not exists )?workspace_id\b/gi)].map(
    (match) => match[1]!,
  );
  return { events: new Set(workspaceTables), control: new Set([...own, ...added]) };
}
