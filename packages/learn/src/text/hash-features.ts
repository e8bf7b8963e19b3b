import type { Language } from './normalise-text.ts';

/**
 * Where a feature came from, for explanations: characters [start, end) of the normalised text. `word` stands for "this and its
 * surroundings", `negated` for a piece in the reach of a negation, `turn` for one after a "but".
 */
export type FeatureSink = (hash: number, start: number, end: number) => void;

/** Seeds keep the kinds of features apart. */
const seeds = {
  character: 0x811c9dc5,
  negated: 0x1b873593,
  turn: 0x2545f491,
  word: 0x9e3779b1,
  piece: 0x7feb352d,
} as const;

/**
 * Features of a normalised text, each perhaps several times: Chinese as runs of 1 to 3 characters; English as words, pairs of words and
 * pieces of words; both with pieces after a negation or after "but" marked as such.
 */
export function emitFeatures(text: string, language: Language, sink: FeatureSink): void {
  if (language === 'zh') emitCharacters(text, sink);
  else emitWords(text, sink);
}

const isNegator = characterSet('不没无未别非');
const endsClause = characterSet(',.!?;:~，。！？；：、 \n()（）…');
const negationReach = 6;

function emitCharacters(text: string, sink: FeatureSink): void {
  const n = text.length;
  for (let i = 0; i < n; i++) {
    let hash = step(seeds.character, text.charCodeAt(i));
    sink(finish(hash), i, i + 1);
    for (let size = 2; size <= 3 && i + size <= n; size++) {
      hash = step(hash, text.charCodeAt(i + size - 1));
      sink(finish(hash), i, i + size);
    }
  }
  for (let i = 0; i < n; i++) {
    if (!isNegator(text.charCodeAt(i))) continue;
    emitScope(text, i + 1, Math.min(n, i + 1 + negationReach), seeds.negated, sink);
  }
  const turn = lastTurn(text);
  if (turn > 0) emitScope(text, turn, Math.min(n, turn + 40), seeds.turn, sink, true);
}

/** Runs of one and two characters, to the end of the clause unless `acrossClauses`. */
function emitScope(
  text: string,
  start: number,
  end: number,
  seed: number,
  sink: FeatureSink,
  acrossClauses = false,
): void {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (endsClause(code)) {
      if (acrossClauses) continue;
      return;
    }
    const hash = step(seed, code);
    sink(finish(hash), i, i + 1);
    if (i + 1 < end && !endsClause(text.charCodeAt(i + 1))) sink(finish(step(hash, text.charCodeAt(i + 1))), i, i + 2);
  }
}

/** Where the part after the last "but" begins; -1 without one. */
function lastTurn(text: string): number {
  let last = -1;
  for (const word of ['但是', '但', '不过', '然而', '可是']) {
    const at = text.lastIndexOf(word);
    if (at >= 0) last = Math.max(last, at + word.length);
  }
  return last;
}

const wordPattern = /[\p{L}\p{M}0']+|[!?]/gu;
const englishNegators = new Set([
  'not',
  'no',
  'never',
  'none',
  'nothing',
  'neither',
  'nor',
  'cannot',
  'hardly',
  'without',
  "n't",
]);
const englishTurns = new Set(['but', 'however', 'although', 'though', 'yet']);

function emitWords(text: string, sink: FeatureSink): void {
  let before = 0;
  let beforeStart = 0;
  let reach = 0;
  let isAfterTurn = false;
  let lastEnd = 0;
  for (const match of text.matchAll(wordPattern)) {
    const word = match[0];
    const start = match.index;
    const end = start + word.length;
    if (/[.,;:!?()]/.test(text.slice(lastEnd, start))) reach = 0;
    lastEnd = end;
    const hash = hashOf(seeds.word, text, start, end);
    sink(finish(hash), start, end);
    if (before !== 0) sink(finish(step(before, hash & 0xffff) ^ (hash >>> 16)), beforeStart, end);
    if (reach > 0) {
      sink(finish(hashOf(seeds.negated, text, start, end)), start, end);
      reach--;
    }
    if (isAfterTurn) sink(finish(hashOf(seeds.turn, text, start, end)), start, end);
    if (englishNegators.has(word) || word.endsWith("n't")) reach = 4;
    if (englishTurns.has(word)) isAfterTurn = true;
    before = hash;
    beforeStart = start;
    emitPieces(text, start, end, sink);
  }
}

/** Pieces of 3 to 5 characters of a word with its edges. */
function emitPieces(text: string, start: number, end: number, sink: FeatureSink): void {
  const length = end - start;
  const at = (i: number) => (i < 0 || i >= length ? 32 : text.charCodeAt(start + i));
  for (let i = -1; i < length; i++) {
    let hash: number = seeds.piece;
    for (let size = 1; size <= 5 && i + size <= length + 1; size++) {
      hash = step(hash, at(i + size - 1));
      if (size >= 3) sink(finish(hash), start + Math.max(0, i), start + Math.min(length, i + size));
    }
  }
}

function hashOf(seed: number, text: string, start: number, end: number): number {
  let hash = seed;
  for (let i = start; i < end; i++) hash = step(hash, text.charCodeAt(i));
  return hash;
}

/** FNV-1a over UTF-16 units. */
function step(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Murmur's finaliser: every bit of the input reaches every bit of the output. */
function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

function characterSet(characters: string): (code: number) => boolean {
  const codes = new Set([...characters].map((character) => character.charCodeAt(0)));
  return (code) => codes.has(code);
}
