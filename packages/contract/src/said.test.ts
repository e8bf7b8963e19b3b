import { expect, it } from 'vitest';
import { explainSaid, type SaidCode, saidTexts } from './said.ts';

it.each(Object.entries(saidTexts))('%s is found again from its sentence, with its values', (code, text) => {
  const values: Record<string, string> = {};
  const sentence = text.replace(/\{(\w+)\}/g, (_, name: string) => {
    values[name] = `7 "${name}" (x)`;
    return values[name];
  });
  expect(explainSaid(sentence)).toEqual({ code: code as SaidCode, values });
});

it('knows no sentence that is none of them', () => {
  expect(explainSaid('the disk sings')).toBeNull();
});
