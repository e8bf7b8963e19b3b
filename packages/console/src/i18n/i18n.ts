import { createInstance, type i18n as I18n, type ReadCallback } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { remembered } from '../theme/remembered.ts';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

type Texts = Record<string, unknown>;
/** One file per language and feature, fetched when the feature is first shown. A new file is found by itself. */
const files = import.meta.glob<Texts>('../locales/*/*.json', { import: 'default' });

const backend = {
  type: 'backend' as const,
  init: () => undefined,
  read(language: string, namespace: string, done: ReadCallback) {
    const load = files[`../locales/${language}/${namespace}.json`];
    if (!load) return done(new Error(`i18n: no texts for ${language}/${namespace}`), false);
    load().then(
      (texts) => done(null, texts),
      (error: Error) => done(error, true),
    );
  },
};

export const i18n: I18n = createInstance();

/** Before sign-in: what was chosen in this browser, else what the browser asks for. */
export function firstLanguage(asked: readonly string[] = navigator.languages): Language {
  const browser: Language = asked
    .find((tag) => /^(zh|en)/i.test(tag))
    ?.toLowerCase()
    .startsWith('zh')
    ? 'zh-CN'
    : 'en';
  return remembered.read('language', languages, browser);
}

export async function startI18n(): Promise<void> {
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language;
    remembered.write('language', language);
  });
  await i18n
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: firstLanguage(),
      fallbackLng: 'en',
      supportedLngs: languages,
      ns: ['common'],
      defaultNS: 'common',
      fallbackNS: 'common',
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
      returnNull: false,
    });
}
