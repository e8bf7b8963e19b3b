/** A piece of the sentence: a clause, or a group of pieces. Places count characters of the whole. */
export type Piece =
  | { readonly kind: 'clause'; readonly from: number; readonly to: number }
  | { readonly kind: 'all' | 'any'; readonly of: Piece[] }
  | { readonly kind: 'not'; readonly of: Piece };

type Connector = 'and' | 'or' | 'comma';

const ors = '\\s+or(?:\\s+who|\\s+that)?\\s+(?!more\\b|less\\b|fewer\\b)|或者是?|还是|(?<![及])或(?!以)';
const ands = '\\s+(?:and|but)(?:\\s+(?:who|that))?\\s+|(?<=\\w)\\s+(?:who|that)\\s+|并且|而且|同时|但是|但|且';
const stops = '\\s*[,;；。，]\\s*(?!\\d{3}\\b)|[.!?](?=\\s|$)|\\s*\\n\\s*';
const connectorPattern = new RegExp(
  `(?<stop>(?:${stops}))?(?:(?<or>${ors}|(?<=\\s)or\\s+(?!more\\b|less\\b|fewer\\b))|(?<and>${ands}|(?<=\\s)(?:and|but)\\s+))|(?<comma>${stops})`,
  'gi',
);

/** Full-width letters, digits and punctuation as half-width, one character for one. */
export const toHalfWidth = (text: string): string =>
  text
    .replaceAll(/[\uFF01-\uFF5E]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .replaceAll(/[‘’]/g, "'");

/**
 * Who belongs together. Within a part between commas, and binds closer than or; a comma joins like the connector after it, or like
 * and. Quotes are names; brackets are groups.
 */
export function splitWords(text: string): Piece | undefined {
  return splitPart(text, 0, text.length);
}

function splitPart(text: string, start: number, end: number): Piece | undefined {
  const [from, to] = trim(text, start, end);
  if (from >= to) return undefined;
  const hidden = hide(text.slice(from, to));
  const inner = /^(not\s*|不是|非|不)?\((.*)\)$/is.exec(text.slice(from, to));
  if (inner && /^(?:not\s*|不是|非|不)?\u0001+$/i.test(hidden)) {
    const offset = from + inner[0].indexOf('(') + 1;
    const group = splitPart(text, offset, to - 1);
    return group && inner[1] ? { kind: 'not', of: group } : group;
  }
  const parts: { from: number; to: number; after: Connector; hasStop: boolean }[] = [];
  let at = from;
  for (const match of hidden.matchAll(connectorPattern)) {
    const { stop, or, comma } = match.groups!;
    const after = comma === undefined ? (or === undefined ? 'and' : 'or') : 'comma';
    parts.push({ from: at, to: from + match.index, after, hasStop: comma !== undefined || stop !== undefined });
    at = from + match.index + match[0].length;
  }
  parts.push({ from: at, to, after: 'comma', hasStop: true });
  const said = parts.filter((part) => isSaid(text, part.from, part.to));
  if (said.length === 0) return undefined;
  if (said.length === 1) {
    const [clauseFrom, clauseTo] = trim(text, said[0]!.from, said[0]!.to);
    if (clauseFrom === from && clauseTo === to) return { kind: 'clause', from, to };
    return splitPart(text, clauseFrom, clauseTo);
  }
  // Sentences between commas first, then or, then and.
  const sentences = chunk(said, (part) => part.hasStop);
  const joins = sentences.map((sentence) => sentence.at(-1)!.after);
  for (let i = joins.length - 2; i >= 0; i -= 1)
    if (joins[i] === 'comma') joins[i] = i + 1 < joins.length - 1 ? joins[i + 1]! : 'and';
  const pieces = sentences.map((sentence) =>
    group(
      'any',
      chunk(sentence, (part) => part.after === 'or').map((run) =>
        group(
          'all',
          run.map((part) => splitPart(text, part.from, part.to)),
        ),
      ),
    ),
  );
  const runs: (Piece | undefined)[][] = [[]];
  for (const [i, piece] of pieces.entries()) {
    runs.at(-1)!.push(piece);
    if (joins[i] === 'or' && i < pieces.length - 1) runs.push([]);
  }
  return group(
    'any',
    runs.map((run) => group('all', run)),
  );
}

function isSaid(text: string, start: number, end: number): boolean {
  const [from, to] = trim(text, start, end);
  return from < to;
}

function chunk<Part>(parts: readonly Part[], isEnd: (part: Part) => boolean): Part[][] {
  const chunks: Part[][] = [[]];
  for (const [i, part] of parts.entries()) {
    chunks.at(-1)!.push(part);
    if (isEnd(part) && i < parts.length - 1) chunks.push([]);
  }
  return chunks;
}

function group(kind: 'all' | 'any', pieces: readonly (Piece | undefined)[]): Piece | undefined {
  const of = pieces.flatMap((piece) => (piece === undefined ? [] : piece.kind === kind ? piece.of : [piece]));
  return of.length > 1 ? { kind, of } : of[0];
}

function trim(text: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  while (start < end && /\s/.test(text[start]!)) start += 1;
  while (end > start && /[\s,;.。；，!?]/.test(text[end - 1]!)) end -= 1;
  return [start, end];
}

/** Names in quotes, groups in brackets and `between 2 and 5` hold no connectors of the sentence. */
function hide(text: string): string {
  const blank = (found: string) => '\u0001'.repeat(found.length);
  const quoted = text
    .replaceAll(/"[^"]*"|“[^”]*”|「[^」]*」|『[^』]*』/g, blank)
    .replaceAll(/\bbetween\s+\S+(?:\s+\w+)?\s+and\b/gi, blank);
  let depth = 0;
  return quoted
    .split('')
    .map((character) => {
      if (character === '(') depth += 1;
      const isInside = depth > 0;
      if (character === ')' && depth > 0) depth -= 1;
      return isInside ? '\u0001' : character;
    })
    .join('');
}
