import { assert } from '../../domain/app-error.ts';
import type { Token } from './read-tokens.ts';

/** Functions that read tables, files or addresses whatever stands in FROM. */
const reachingFunctions =
  /^(remote|remoteSecure|cluster|clusterAllReplicas|merge|mergeTree\w*|loop|url\w*|s3\w*|gcs|oss|hdfs\w*|azureBlobStorage\w*|iceberg\w*|deltaLake\w*|hudi\w*|mysql|postgresql|mongodb|redis|sqlite|jdbc|odbc|executable\w*|arrowFlight|dictionary|dictGet\w*|dictHas|dictIsIn|joinGet\w*|hasColumnInTable|view\w*|timeSeries\w*|prometheus\w*|fuzz\w*|catBoost\w*|filesystem\w*|fileCluster|ytsaurus)$/i;

const sources = new Set([
  'numbers',
  'numbers_mt',
  'generateseries',
  'generate_series',
  'zeros',
  'values',
  'null',
  'format',
]);
const importSources = new Set(['file', 'input']);
const endOfFrom =
  /^(where|prewhere|group|order|limit|having|settings|union|intersect|except|window|qualify|sample|format|select|offset|fetch)$/i;

/**
 * A question may read `@tables`, sub-selects, its own CTEs and number generators, and nothing else. It is a fence for our own
 * SQL, checked before anything is sent; the engine's grants are the wall behind it.
 */
export function guardStatement(name: string, tokens: readonly Token[], rules: GuardRules): void {
  const said = tokens.filter((token) => token.kind !== 'space');
  const say = (what: string): string => `${name}: ${what}`;
  const first = said[0]?.text.toLowerCase() ?? '';
  const firsts = rules.mayImport ? ['insert'] : ['select', 'with', '(', 'explain'];
  assert(firsts.includes(first), say(`must begin with ${firsts.join(' or ')}, got ${first}`));

  const ctes = new Set<string>();
  said.forEach((token, index) => {
    if (
      /^as$/i.test(token.text) &&
      said[index + 1]?.text === '(' &&
      /^(with|,|recursive)$/i.test(said[index - 2]?.text ?? '')
    ) {
      const cte = bare(said[index - 1]?.text ?? '');
      assert(!rules.tables.has(cte), say(`CTE ${cte} has the name of a table: call it something else`));
      ctes.add(cte);
    }
  });

  // One entry per open bracket: are we in a list of sources there?
  const inFrom: boolean[] = [false];
  const depth = () => inFrom.length - 1;
  said.forEach((token, index) => {
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    const next = said[index + 1];
    const before = said[index - 1]?.text.toLowerCase() ?? '';
    if (token.kind === 'word' || token.kind === 'name') {
      const plain = bare(token.text);
      assert(
        !(next?.text === '.' && before !== '.' && rules.databases.has(plain.toLowerCase())),
        say(`names ${plain}. directly: use @table`),
      );
      assert(!(next?.text === '(' && reachingFunctions.test(plain)), say(`${plain}() may not be used`));
    }
    assert(token.text !== ';', say('must be one statement without ;'));
    if (token.text === '(') inFrom.push(false);
    else if (token.text === ')') {
      assert(depth() > 0, say('has a ) too many'));
      inFrom.pop();
    } else if (endOfFrom.test(word) && before !== '.') inFrom[depth()] = false;

    const isArrayJoin = word === 'join' && /^(array)$/.test(before);
    if (isArrayJoin) inFrom[depth()] = false;
    const startsSource =
      (word === 'from' && before !== '.') ||
      (word === 'join' && !isArrayJoin && before !== '.') ||
      (word === 'into' && before === 'insert') ||
      (word === 'in' && next !== undefined && isName(next)) ||
      (token.text === ',' && inFrom[depth()] === true);
    if (!startsSource) return;
    if (word === 'from' || word === 'join') inFrom[depth()] = true;
    const target = next?.kind === 'word' && /^(table|function|lateral)$/i.test(next.text) ? undefined : next;
    const after = said[index + 2];
    assert(
      target !== undefined && isAllowedSource(target, after, word, rules, ctes),
      say(
        `${token.text.toUpperCase()} ${next?.text ?? ''}: only @table, a sub-select, a CTE or numbers() may stand here`,
      ),
    );
  });
}

export type GuardRules = {
  readonly tables: ReadonlySet<string>;
  /** Names that may not be written in front of a dot, in lower case. */
  readonly databases: ReadonlySet<string>;
  /** A transform: begins with INSERT, may read files. */
  readonly mayImport: boolean;
};

function isAllowedSource(
  target: Token,
  after: Token | undefined,
  word: string,
  rules: GuardRules,
  ctes: ReadonlySet<string>,
): boolean {
  if (target.kind === 'table') return true;
  if (word === 'into') return false;
  if (target.text === '(') return true;
  if (!isName(target) || after?.text === '.') return false;
  const plain = bare(target.text);
  if (after?.text === '(') {
    const known = sources.has(plain.toLowerCase()) || (rules.mayImport && importSources.has(plain.toLowerCase()));
    // `x IN tuple(…)`, `x IN array(…)`: a value, not a source.
    return known || (word === 'in' && /^(tuple|array|range)$/i.test(plain));
  }
  return ctes.has(plain);
}

const isName = (token: Token): boolean => token.kind === 'name' || (token.kind === 'word' && !/^\d/.test(token.text));

const bare = (text: string): string => (/^["`]/.test(text) ? text.slice(1, -1) : text);
