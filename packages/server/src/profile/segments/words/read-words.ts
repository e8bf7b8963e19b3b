import { findRuleTooLarge, type RuleWindow, type SegmentFromWords, type SegmentRule } from '@zhiyin/contract';
import { withoutFillers } from './open-reader.ts';
import { readClause, type SpokenVocabulary } from './read-clause.ts';
import { addValue } from './read-field.ts';
import { type Piece, splitWords, toHalfWidth } from './split-words.ts';

export type ReadWords = Pick<SegmentFromWords, 'rule' | 'understood' | 'notUnderstood'>;

type Leaf = { kind: 'leaf'; rule: SegmentRule; from: number; to: number };
type Tree = Leaf | { kind: 'all' | 'any'; of: Tree[] } | { kind: 'not'; of: Tree };
type Reading = {
  readonly text: string;
  readonly vocabulary: SpokenVocabulary;
  readonly notUnderstood: string[];
  readonly written: string;
  carried: RuleWindow | undefined;
};

/** A sentence in Chinese or English → a rule. A clause with a word that is not understood is given back, never guessed. */
export function readWords(written: string, vocabulary: SpokenVocabulary): ReadWords {
  const text = toHalfWidth(written);
  const reading: Reading = { text, vocabulary, notUnderstood: [], written, carried: undefined };
  const piece = splitWords(text);
  const tree = piece && readPiece(piece, reading);
  const understood: ReadWords['understood'] = [];
  const rule = tree ? toRule(tree, '', written, understood) : null;
  if (rule && findRuleTooLarge(rule)) return { rule: null, understood: [], notUnderstood: [written] };
  return { rule, understood, notUnderstood: reading.notUnderstood };
}

function readPiece(piece: Piece, reading: Reading): Tree | undefined {
  if (piece.kind === 'clause') return readLeaf(piece, reading);
  if (piece.kind === 'not') {
    const before = reading.notUnderstood.length;
    const of = readPiece(piece.of, reading);
    // Half of what is denied would deny something else.
    return of && reading.notUnderstood.length === before ? { kind: 'not', of } : undefined;
  }
  const outside = reading.carried;
  const of: Tree[] = [];
  for (const one of piece.of) {
    const last = of.at(-1);
    const [first, ...others] = one.kind === 'all' ? one.of : [one];
    if (piece.kind === 'any' && last && first?.kind === 'clause' && extend(last, first, reading)) {
      // `lives in Shanghai or Hangzhou and bought`: what follows the values goes with all of them.
      const more = others.flatMap((other) => readPiece(other, reading) ?? []);
      if (more.length > 0)
        of.splice(-1, 1, { kind: 'all', of: [...(last.kind === 'all' ? last.of : [last]), ...more] });
      continue;
    }
    const tree = readPiece(one, reading);
    if (tree) of.push(tree);
  }
  reading.carried = outside;
  return of.length > 1 ? { kind: piece.kind, of } : of[0];
}

type Clause = Extract<Piece, { kind: 'clause' }>;

function readLeaf({ from, to }: Clause, reading: Reading): Leaf | undefined {
  const said = reading.text.slice(from, to);
  const read = readClause(said, reading.vocabulary, reading.carried);
  if (read?.carried) reading.carried = read.carried;
  if (read?.rule) return { kind: 'leaf', rule: read.rule, from, to };
  // "People who …": nothing is lost with it.
  if (!read && withoutFillers(said) !== '') reading.notUnderstood.push(reading.written.slice(from, to));
  return undefined;
}

/** A value alone after an or: of the condition before it. */
function extend(last: Tree, { from, to }: Clause, { text, vocabulary }: Reading): boolean {
  const leaf = last.kind === 'all' ? last.of.at(-1) : last;
  if (leaf?.kind !== 'leaf') return false;
  const { rule } = leaf;
  if (rule.kind !== 'trait' && rule.kind !== 'place' && rule.kind !== 'computed') return false;
  const values =
    rule.kind === 'place'
      ? vocabulary.places[rule.level]
      : (rule.kind === 'trait' ? vocabulary.traits : vocabulary.computed).find(
          ({ name }) => name === (rule.kind === 'trait' ? rule.trait : rule.name),
        )?.values;
  const test = addValue(
    rule.test,
    text.slice(from, to),
    (values ?? []).map(({ value }) => value),
  );
  if (!test) return false;
  leaf.rule = { ...rule, test };
  leaf.to = to;
  return true;
}

function toRule(tree: Tree, path: string, written: string, understood: ReadWords['understood']): SegmentRule {
  const inner = (name: string) => (path === '' ? name : `${path}.${name}`);
  if (tree.kind === 'leaf') {
    const isNot = tree.rule.kind === 'not';
    understood.push({ text: written.slice(tree.from, tree.to), path: isNot ? inner('of') : path });
    return tree.rule;
  }
  if (tree.kind === 'not') return { kind: 'not', of: toRule(tree.of, inner('of'), written, understood) };
  return { kind: tree.kind, of: tree.of.map((one, i) => toRule(one, inner(`of[${i}]`), written, understood)) };
}
