/** One SELECT, UPDATE, … of a statement: its own words, with what stands in brackets inside it left out. */
export type Scope = string;

/** A statement taken apart at its brackets, without comments and quoted text, in lower case. */
export function readScopes(statement: string): Scope[] {
  const plain = statement
    .replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ')
    .replaceAll(/'(?:[^'\\]|\\.|'')*'/g, "''")
    .replaceAll(/["`]/g, '')
    .replaceAll(/\s+/g, ' ')
    .toLowerCase();
  const open: string[] = [''];
  const closed: Scope[] = [];
  for (const letter of plain) {
    if (letter === '(') open.push('');
    else if (letter === ')' && open.length > 1) {
      closed.push(open.pop()!);
      open[open.length - 1] += '()';
    } else open[open.length - 1] += letter;
  }
  // Each part of a union is a question of its own.
  return [...closed, ...open].flatMap((scope) => scope.split(/\bunion(?: all| distinct)?\b|\bexcept\b|\bintersect\b/));
}

/** Tables that a scope reads or changes; `inserts` stands apart, because what is inserted says its workspace elsewhere. */
export function namedTables(scope: Scope): { reads: string[]; inserts: string[] } {
  const inserts = [...scope.matchAll(/\binsert into (?:table )?([\w.]+)/g)].map((match) => lastPart(match[1]!));
  const updates = [
    ...scope.matchAll(/(?:^|[^.\w])(?:update|truncate|alter table|delete from) (?:only )?([\w.]+)/g),
  ].map((match) => lastPart(match[1]!));
  const clauses = scope.matchAll(
    /\b(?:from|using|join)\b (.*?)(?=\b(?:where|prewhere|group by|order by|limit|having|settings|set|returning|window|on conflict|from|using)\b|$)/g,
  );
  const reads = [...clauses].flatMap((clause) =>
    clause[1]!
      .split(/,|\bjoin\b/)
      .map((source) => lastPart(/^\s*(?:only |lateral )*([\w.]+)/.exec(source)?.[1] ?? ''))
      .filter((name) => name !== ''),
  );
  const isSchemaChange = updates.filter((name) => reads.includes(name)).length;
  return { reads: [...reads, ...(isSchemaChange ? [] : updates.filter((name) => name !== 'set'))], inserts };
}

/** `zhiyin.events_local` is `events`. */
const lastPart = (name: string): string =>
  name
    .split('.')
    .at(-1)!
    .replace(/_local$/, '');
