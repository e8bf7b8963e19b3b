import { describe, expect, it } from 'vitest';
import { findHardCodedText } from './testing/find-hard-coded-text.ts';
import { findUsedKeys } from './testing/find-used-keys.ts';
import { flattenTexts } from './testing/flatten-texts.ts';

type Texts = Record<string, unknown>;
const files = import.meta.glob<Texts>('../locales/*/*.json', { eager: true, import: 'default' });
const sources = import.meta.glob<string>(
  ['../**/*.tsx', '../**/*.ts', '!../**/*.test.ts', '!../dev/**', '!../i18n/testing/**'],
  {
    eager: true,
    query: '?raw',
    import: 'default',
  },
);

const keysOf = (language: string, name: string) => flattenTexts(files[`../locales/${language}/${name}.json`] ?? {});
const names = [...new Set(Object.keys(files).map((path) => path.split('/').at(-1)!.replace('.json', '')))].sort();
/** English has one and other; Chinese has other alone. */
const withoutPlural = (keys: Iterable<string>) =>
  [...new Set([...keys].map((key) => key.replace(/_(one|other)$/, '')))].sort();

describe('the texts of the console', () => {
  it.each(names)('%s says the same things in English and Chinese', (name) => {
    expect(withoutPlural(keysOf('zh-CN', name).keys())).toEqual(withoutPlural(keysOf('en', name).keys()));
  });

  it.each(names)('%s fills in the same values in English and Chinese', (name) => {
    const valuesIn = (language: string) => {
      const byKey = new Map<string, Set<string>>();
      for (const [key, text] of keysOf(language, name)) {
        const values = byKey.get(key.replace(/_(one|other)$/, '')) ?? new Set();
        for (const [, value] of text.matchAll(/\{\{(\w+)\}\}/g)) values.add(value!);
        byKey.set(key.replace(/_(one|other)$/, ''), values);
      }
      return byKey;
    };
    const chinese = valuesIn('zh-CN');
    // A value left out on purpose is one a language has no use for; a value that English does not have is a mistake.
    const unknown = [...chinese].flatMap(([key, values]) =>
      [...values].filter((value) => !valuesIn('en').get(key)?.has(value)).map((value) => `${key}: ${value}`),
    );
    expect(unknown).toEqual([]);
  });

  it.each(names)('%s has both plural forms in English and one in Chinese', (name) => {
    const english = [...keysOf('en', name).keys()].filter((key) => key.endsWith('_one'));
    expect(english.filter((key) => !keysOf('en', name).has(key.replace(/_one$/, '_other')))).toEqual([]);
    expect([...keysOf('zh-CN', name).keys()].filter((key) => key.endsWith('_one'))).toEqual([]);
  });

  // Examples show what stands in a file, commas and all.
  it.each(names)('%s uses full-width punctuation after Chinese characters', (name) => {
    const sentences = [...keysOf('zh-CN', name)].filter(([key]) => !key.endsWith('.example'));
    const odd = sentences.filter(([, text]) => /[\u4e00-\u9fff][,;?!]|[\u4e00-\u9fff]:(?!\/\/)/.test(text));
    expect(odd).toEqual([]);
  });

  it('has every text that a page asks for', () => {
    const missing = Object.entries(sources).flatMap(([path, source]) =>
      findUsedKeys(source)
        .filter(({ name, key }) => {
          const keys = keysOf('en', name);
          const common = keysOf('en', 'common');
          return ![key, `${key}_other`].some((candidate) => keys.has(candidate) || common.has(candidate));
        })
        .map(({ name, key }) => `${path}: ${name}:${key}`),
    );
    expect(missing).toEqual([]);
  });

  it('has no text written into the markup', () => {
    const written = Object.entries(sources)
      .filter(([path]) => path.endsWith('.tsx'))
      .flatMap(([path, source]) => findHardCodedText(source).map((text) => `${path}: ${text}`));
    expect(written).toEqual([]);
  });
});
