import { assert } from '../../domain/app-error.ts';
import { guardStatement } from './guard-statement.ts';
import { readTokens, type Token } from './read-tokens.ts';
import { tables } from './schema.ts';

const byName = new Map(tables.map((table) => [table.name, table]));
const personTables = new Set(['events', 'order_lines', 'traits', 'reviews', 'tags', 'list_members']);
const workspace = 'workspace_id = {workspace:UInt32}';

/**
 * A question as it may be sent: every `@table` becomes a sub-select of that table's rows of one workspace. The engine drops the
 * columns nobody asked for and pushes conditions down into it, so it costs nothing.
 */
export function expandNames(options: {
  readonly name: string;
  readonly sql: string;
  readonly database: string;
  readonly mayImport?: boolean;
}): string {
  const { name, sql, database, mayImport = false } = options;
  const tokens = readTokens(sql);
  guardStatement(name, tokens, {
    tables: new Set(byName.keys()),
    databases: new Set([
      database.toLowerCase(),
      'system',
      'information_schema',
      'default',
      '_temporary_and_external_tables',
    ]),
    mayImport,
  });
  let scoped = 0;
  let inserts = 0;
  const pieces: string[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as Token;
    if (token.kind !== 'table') {
      pieces.push(token.kind === 'parameter' ? withMilliseconds(token.text) : token.text);
      continue;
    }
    const word = token.text.slice(1);
    if (word === 'into') {
      const [target, used] = readIntoTarget(tokens, index);
      assert(mayImport && byName.has(target), `${name}: @into(${target}) needs a transform and a known table`);
      pieces.push(`${database}.${target}`);
      index += used;
      inserts += 1;
      continue;
    }
    pieces.push(expandTable(name, word, database));
    scoped += 1;
  }
  assert(!mayImport || inserts === 1, `${name}: a transform inserts into one @into(table)`);
  assert(mayImport || scoped > 0, `${name}: names no @table`);
  return pieces.join('');
}

function expandTable(name: string, word: string, database: string): string {
  if (byName.has(word)) return ownRows(word, database);
  if (word === 'person_computed_traits') return computedOfPeople(database);
  const table = word.startsWith('person_') ? word.slice('person_'.length) : '';
  assert(personTables.has(table), `${name}: there is no table @${word}`);
  // ANY: the engine keeps one link per identity; FINAL has made sure of it already.
  return (
    `(SELECT own.*, if(links.linked_profile_id = 0, own.identity_id, links.linked_profile_id) AS profile_id` +
    ` FROM ${ownRows(table, database, byName.get(table)?.marksDeleted)} AS own GLOBAL ANY LEFT JOIN` +
    ` (SELECT identity_id AS linked_identity_id, profile_id AS linked_profile_id` +
    ` FROM ${database}.profile_links FINAL WHERE ${workspace}) AS links ON own.identity_id = links.linked_identity_id)`
  );
}

/** Of a profile that became part of another nothing is read: the other's own values stand until they are computed anew. */
function computedOfPeople(database: string): string {
  return (
    `(SELECT * FROM ${ownRows('computed_traits', database, true)} WHERE profile_id GLOBAL NOT IN` +
    ` (SELECT identity_id FROM ${database}.profile_links FINAL WHERE ${workspace} AND profile_id != identity_id))`
  );
}

function ownRows(table: string, database: string, withoutDeleted = false): string {
  const final = byName.get(table)?.family.startsWith('Replacing') ? ' FINAL' : '';
  return `(SELECT * FROM ${database}.${table}${final} WHERE ${workspace}${withoutDeleted ? ' AND deleted = 0' : ''})`;
}

/**
 * Instants are compared as DateTime64 whatever the question says: the engine's index reads `DateTime64 < DateTime` as if the
 * limit were a second earlier, and silently leaves out the rows of that second (seen with 26.7).
 */
const withMilliseconds = (parameter: string): string =>
  parameter.replace(
    /:\s*DateTime(?:\(('[^']*')\))?\s*\}$/,
    (_, zone?: string) => `:DateTime64(3${zone ? `, ${zone}` : ''})}`,
  );

/** `@into(table)` is four tokens; blanks inside are not allowed. */
function readIntoTarget(tokens: readonly Token[], index: number): [string, number] {
  const [open, target, close] = tokens.slice(index + 1, index + 4);
  assert(
    open?.text === '(' && target?.kind === 'word' && close?.text === ')',
    'write @into(table) without blanks in between',
  );
  return [target.text, 3];
}
