import { explainSaid as readSaid, type SaidCode, said, saidTexts } from '@zhiyin/contract';
import { createInstance, type TFunction } from 'i18next';
import { describe, expect, it } from 'vitest';
import { explainSaid } from './explain-said.ts';

const codes = Object.keys(saidTexts) as SaidCode[];
const files = import.meta.glob<Record<string, unknown>>('../../locales/*/data.json', {
  eager: true,
  import: 'default',
});
const languages = { en: files['../../locales/en/data.json']!, 'zh-CN': files['../../locales/zh-CN/data.json']! };
const namesOf = (text: string) => [...text.matchAll(/\{+(\w+)\}+/g)].map(([, name]) => name).toSorted();
const translate = async (language: keyof typeof languages) => {
  const i18n = createInstance();
  await i18n.init({
    lng: language,
    resources: { [language]: { data: languages[language] } },
    interpolation: { escapeValue: false },
  });
  return i18n.getFixedT(language, 'data') as unknown as TFunction<'data'>;
};

describe.each(Object.keys(languages) as (keyof typeof languages)[])('what the server says, in %s', (language) => {
  it.each(codes)('has a text for %s with its values', (code) => {
    const text = (languages[language].said as Record<string, string>)[code];
    expect(text).toBeTypeOf('string');
    expect(namesOf(text!)).toEqual(namesOf(saidTexts[code]));
  });
});

it('is in the reader’s language, with what it names', async () => {
  const t = await translate('zh-CN');
  const say = (text: string) => explainSaid(readSaid(text), text, t);
  expect(say(said('not_number', { got: said('got_text', { count: 3 }) }))).toBe('必须是数字；收到的是3 个字符的文本');
  expect(say(said('row_no_amount', { value: '12,x' }))).toBe('不是金额：12,x');
  const why = `missing_identity userId ${said('needs_identity')}`;
  expect(say(said('tried_again', { why }))).toMatch(/^已重试：.+ · userId · 调用需要 userId 或 anonymousId$/);
  expect(say('something of another version')).toBe('something of another version');
});
