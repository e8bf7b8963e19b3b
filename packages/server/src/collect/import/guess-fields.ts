import { type ImportKind, importFields } from '@zhiyin/contract';
import { fieldSynonyms, plainHeader } from './field-synonyms.ts';
import { type ContentShape, contentFit, guessContents } from './guess-contents.ts';

export type ColumnSample = { readonly name: string; readonly samples: readonly string[] };
export type FieldGuess = { readonly field: string | null; readonly confidence: number; readonly because: string };
export type KindGuess = { readonly kind: ImportKind | null; readonly fields: readonly FieldGuess[] };

const kinds = Object.keys(importFields) as ImportKind[];

/** Which kind of data the columns are, and which field each column fills. Every guess says why. */
export function guessFields(columns: readonly ColumnSample[], given?: ImportKind): KindGuess {
  const shapes = columns.map((column) => guessContents(column.samples));
  const candidates = (given ? [given] : kinds).map((kind) => {
    const fields = guessFor(kind, columns, shapes);
    return { kind, fields, score: scoreKind(kind, fields) };
  });
  const best = candidates.reduce((a, b) => (b.score > a.score ? b : a));
  return best.score > 0 || given ? { kind: best.kind, fields: best.fields } : { kind: null, fields: best.fields };
}

export function fieldsOf(kind: ImportKind): readonly string[] {
  const { required, oneOf, optional } = importFields[kind];
  return [...required, ...oneOf, ...optional];
}

type Candidate = { column: number; field: string; score: number; because: string };

/** Best pairs first; each field and each column is used once. */
function guessFor(kind: ImportKind, columns: readonly ColumnSample[], shapes: readonly ContentShape[]): FieldGuess[] {
  const candidates: Candidate[] = [];
  columns.forEach((column, index) => {
    for (const field of fieldsOf(kind)) {
      const candidate = compare(column.name, field, shapes[index]!);
      if (candidate) candidates.push({ column: index, field, ...candidate });
    }
  });
  candidates.sort((a, b) => b.score - a.score || a.column - b.column);
  const taken = new Map<number, Candidate>();
  const used = new Set<string>();
  for (const candidate of candidates) {
    if (taken.has(candidate.column) || used.has(candidate.field)) continue;
    taken.set(candidate.column, candidate);
    used.add(candidate.field);
  }
  return columns.map((column, index): FieldGuess => {
    const found = taken.get(index);
    if (found) return { field: found.field, confidence: Math.round(found.score * 100) / 100, because: found.because };
    if (column.name.trim() === '') return { field: null, confidence: 0, because: 'no header' };
    return { field: '*', confidence: 0.3, because: 'no field fits: kept under its own name' };
  });
}

function compare(header: string, field: string, shape: ContentShape): { score: number; because: string } | null {
  const plain = plainHeader(header);
  const synonyms = fieldSynonyms[field] ?? [];
  const fit = contentFit(field, shape);
  const place = synonyms.indexOf(plain);
  if (plain === plainHeader(field) || place >= 0) {
    // Earlier synonyms are the usual ones, so that two columns for one field are decided the way a person would.
    const score = (plain === plainHeader(field) ? 1 : 0.97 - Math.min(place, 30) / 200) - (fit < 0 ? 0.45 : 0);
    if (score < 0.4) return null;
    return { score, because: fit > 0 ? `header "${header}" and contents (${shape})` : `header "${header}"` };
  }
  const inside = synonyms.find((word) => word.length >= (/[^\x00-\x7f]/u.test(word) ? 2 : 5) && plain.includes(word));
  if (inside && fit >= 0) return { score: fit > 0 ? 0.7 : 0.55, because: `header "${header}" contains "${inside}"` };
  if (fit > 0 && (shape === 'email' || shape === 'phone' || shape === 'currency') && field === shape) {
    return { score: 0.6, because: `contents look like ${shape}` };
  }
  return null;
}

/** Kinds whose required fields are all there win; among them the one that explains most columns. */
function scoreKind(kind: ImportKind, fields: readonly FieldGuess[]): number {
  const { required, oneOf } = importFields[kind];
  const found = new Map(
    fields.filter((guess) => guess.field && guess.field !== '*').map((guess) => [guess.field!, guess.confidence]),
  );
  if (required.some((field) => !found.has(field))) return 0;
  if (oneOf.length > 0 && !oneOf.some((field) => found.has(field))) return 0;
  const explained = [...found.values()].reduce((sum, confidence) => sum + confidence, 0);
  const demanded = required.reduce((sum, field) => sum + (found.get(field) ?? 0), 0);
  // `item_id` alone makes a catalogue and an e-mail alone a customer list: a kind that demands more knows more.
  return explained + demanded * 0.5;
}
