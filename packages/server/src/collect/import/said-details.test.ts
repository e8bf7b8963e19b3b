import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { explainSaid } from '@zhiyin/contract';
import { expect, it } from 'vitest';

const folder = path.join(import.meta.dirname, 'bulk');

/** `'is no amount: ' + a cell` of a rule in SQL, with a word where it puts a value. */
function sentencesIn(source: string): string[] {
  const details = [...source.matchAll(/detail: `((?:[^`\\]|\\.)*)`/g)].map(([, sql]) =>
    sql!.replaceAll(/\$\{[^}]*\}/g, '7'),
  );
  return details.map((sql) => {
    const pieces = [...sql.matchAll(/'((?:[^'\\]|\\.)*)'/g)].map(([, text]) => text!);
    if (!sql.startsWith('concat(')) return pieces.join('');
    return pieces.length > 1 ? pieces.join('x') : `${pieces[0]}x`;
  });
}

it('has a code for every sentence that the engine writes about a row', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('-sql.ts'));
  const sentences = files.flatMap((name) => sentencesIn(readFileSync(path.join(folder, name), 'utf8')));
  expect(sentences.length).toBeGreaterThan(15);
  const known = sentences.map((sentence) => [sentence, explainSaid(sentence)?.code]);
  expect(known.filter(([, code]) => code === undefined)).toEqual([]);
  // What fits nearly everything is said of prices below nothing, and of nothing else.
  expect(known.filter(([, code]) => code === 'row_is').map(([sentence]) => sentence)).toEqual(
    expect.arrayContaining(['is x']),
  );
  expect(known.filter(([sentence, code]) => code === 'row_is' && sentence !== 'is x')).toEqual([]);
});
