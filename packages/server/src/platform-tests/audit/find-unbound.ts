import type { SentStatement } from '../../storage/events/statement-hook.ts';
import { namedTables, readScopes } from './read-scopes.ts';

/** The tables of each store that hold rows of workspaces. */
export type WorkspaceTables = Readonly<Record<SentStatement['store'], ReadonlySet<string>>>;

/** `workspace_id = …` with the workspace that was given, whichever side it stands on. */
const bindings = {
  // A number in the text restricts as well as a parameter does; imports write it for statements that run for hours.
  events:
    /\bworkspace_id\s*=\s*(?:\{workspace(?:id)?:uint32\}|\d+\b)|\{workspace(?:id)?:uint32\}\s*=\s*(?:\w+\.)?workspace_id\b/g,
  control: /\bworkspace_id\s*=\s*\$1(?!\d)|\$1(?:::\w+)?\s*=\s*(?:\w+\.)?workspace_id\b/g,
} as const;
const given = { events: /\{workspace(?:id)?:uint32\}/i, control: /\$1(?!\d)/ } as const;
/** The same workspace as that of another table, which is bound. */
const joined = /\bworkspace_id\s*=\s*\w+\.workspace_id\b|\busing ?\(\)/g;

/** `workspace_id = $1 and a or b` means `… or b`, whoever's it is. */
const looseOr = /\bwhere\b(?:(?!\b(?:group by|order by|limit|returning|case)\b).)*\bor\b/;

/**
 * Tables of workspaces that a statement touches without naming the workspace: empty for a statement as it should be. Looked at
 * bracket by bracket, so that a predicate in one sub-select does not speak for the next.
 */
export function findUnbound(sent: SentStatement, tables: WorkspaceTables): string[] {
  const known = tables[sent.store];
  const scopes = readScopes(sent.statement);
  const isBound = scopes.some((scope) => scope.match(bindings[sent.store]) !== null);
  const unbound: string[] = [];
  for (const scope of scopes) {
    const { reads, inserts } = namedTables(scope);
    const own = reads.filter((name) => known.has(name));
    const predicates =
      (scope.match(bindings[sent.store])?.length ?? 0) + (isBound ? (scope.match(joined)?.length ?? 0) : 0);
    if (own.length > predicates || (own.length > 0 && looseOr.test(scope))) unbound.push(...own);
    if (!saysWorkspace(sent)) unbound.push(...inserts.filter((name) => known.has(name)));
  }
  return [...new Set(unbound)];
}

/** An insert: the column is filled, and with the workspace that was given (or, for rows, with one that the adapter checks). */
function saysWorkspace({ store, scope, statement }: SentStatement): boolean {
  if (/\/\* workspace_id in each row \*\//.test(statement)) return scope === 'workspace';
  return (
    /\bworkspace_id\b/i.test(statement) && given[store].test(statement) && (store === 'events' || scope === 'workspace')
  );
}
