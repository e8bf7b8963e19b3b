import { describe, expect, it } from 'vitest';
import { reasonCodes } from './reason-codes.ts';

type Words = Record<string, { name?: string; what?: string; fix?: string }>;
const texts = import.meta.glob<{ reasons: Words }>('../../../locales/*/data.json', { eager: true, import: 'default' });
const server = import.meta.glob<string>('../../../../../server/src/domain/outcome.ts', {
  eager: true,
  query: '?raw',
  import: 'default',
});

describe('reasons of quarantine', () => {
  it('are those of the server, all of them', () => {
    const source = Object.values(server)[0] ?? '';
    const list = source.slice(source.indexOf('['), source.indexOf(']'));
    expect([...list.matchAll(/'([a-z_]+)'/g)].map((match) => match[1])).toEqual([...reasonCodes]);
  });

  it.each(Object.entries(texts))('each have a name, what happened and what to do in %s', (_file, { reasons }) => {
    for (const code of reasonCodes) {
      expect(reasons[code]?.name, `${code}.name`).toBeTruthy();
      expect(reasons[code]?.what, `${code}.what`).toBeTruthy();
      expect(reasons[code]?.fix, `${code}.fix`).toBeTruthy();
    }
  });
});
