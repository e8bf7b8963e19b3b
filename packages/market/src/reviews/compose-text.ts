import { type Aspect, aspects, type Experience } from '../behaviour/experience.ts';
import type { MarketItem } from '../catalogue/build-catalogue.ts';
import type { Random } from '../random.ts';
import type { Phrases } from './phrases.ts';
import { phrasesEn } from './phrases-en.ts';
import { phrasesZh } from './phrases-zh.ts';

export type Polarity = -1 | 0 | 1;
export type Composed = { text: string; title: string; aspects: Partial<Record<Aspect, Polarity>> };

export type TextInput = {
  readonly random: Random;
  readonly language: 'zh' | 'en';
  readonly item: MarketItem;
  readonly experience: Experience;
  readonly rating: 1 | 2 | 3 | 4 | 5;
  /** 1 is usual; the length of reviews has a long tail because this is log-normal over people. */
  readonly wordiness: number;
};

type Clause = { readonly text: string; readonly polarity: Polarity };

/** [story] opener, aspect clauses joined by turns where the feeling changes, [closer] [mark]. */
export function composeText(input: TextInput): Composed {
  const { random, rating, language, wordiness } = input;
  const phrases = language === 'zh' ? phrasesZh : phrasesEn;
  const chosen = chooseAspects(input);
  const clauses = chosen.map((aspect) => sayAspect(input, phrases, aspect));
  const mentioned = Object.fromEntries(chosen.map((aspect, index) => [aspect, clauses[index]!.polarity]));
  const opener = random.pick(phrases.openers[rating - 1]!);
  const sentences: string[] = [];
  const stories = Math.min(4, random.poisson(0.35 * wordiness));
  for (let i = 0; i < stories; i++) addOnce(sentences, random.pick(phrases.stories));
  const body = joinClauses(clauses, phrases, language, random);
  if (clauses.length === 0 || random.chance(0.6)) sentences.push(opener);
  sentences.push(...body);
  if (random.chance(0.28 + 0.12 * wordiness)) sentences.push(random.pick(phrases.closers[rating - 1]!));
  const mark = random.chance(0.12) ? phrases.marks[(rating >= 4 ? 0 : 3) + random.below(3)]! : '';
  return {
    text: punctuate(sentences, language, random) + mark,
    title: random.chance(0.3) ? opener : '',
    aspects: mentioned,
  };
}

/** People speak of what struck them: the strongest feelings first, with chance. */
function chooseAspects({ random, experience, wordiness }: TextInput): Aspect[] {
  const count = Math.min(aspects.length, random.poisson(0.5 + 1.15 * wordiness));
  const base: Record<Aspect, number> = {
    quality: 0.9,
    appearance: 0.4,
    price: 0.2,
    delivery: 0.25,
    packaging: 0,
    service: -0.3,
  };
  return aspects
    .map((aspect) => ({
      aspect,
      score: base[aspect] + 0.9 * Math.abs(experience.felt[aspect]) + 0.7 * random.gumbel(),
    }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ aspect }) => aspect);
}

function sayAspect({ random, experience, item }: TextInput, phrases: Phrases, aspect: Aspect): Clause {
  const felt = experience.felt[aspect];
  const polarity: Polarity = felt > 0.25 ? 1 : felt < -0.15 ? -1 : 0;
  const tone = polarity === 1 ? 'good' : polarity === -1 ? 'bad' : 'plain';
  const own = tone === 'plain' || aspect !== 'quality' ? undefined : phrases.byCategory[item.categoryId]?.[tone];
  const phrase = own && random.chance(0.45) ? random.pick(own) : random.pick(phrases.aspects[aspect][tone]);
  const noun = phrases === phrasesZh ? item.nounZh : item.nounEn;
  return { text: phrase.replace('{n}', noun).replace('{d}', random.pick(phrases.degrees)), polarity };
}

/** Clauses of one feeling share a sentence; a change of feeling takes a turning word. */
function joinClauses(clauses: readonly Clause[], phrases: Phrases, language: 'zh' | 'en', random: Random): string[] {
  const comma = language === 'zh' ? '，' : ', ';
  const sentences: string[] = [];
  let last: Polarity | null = null;
  for (const { text, polarity } of clauses) {
    const turns = last !== null && last !== 0 && polarity !== 0 && polarity !== last;
    if (turns) {
      const turn = random.pick(phrases.turns);
      sentences[sentences.length - 1] += `${comma}${turn}${language === 'zh' ? '' : ' '}${text}`;
    } else if (last !== null && random.chance(0.5)) {
      sentences[sentences.length - 1] += language === 'en' && random.chance(0.5) ? ` and ${text}` : comma + text;
    } else {
      sentences.push(text);
    }
    last = polarity;
  }
  return sentences;
}

/** Some write properly, some shout, some leave the marks out. */
function punctuate(sentences: readonly string[], language: 'zh' | 'en', random: Random): string {
  const style = random.uniform();
  if (language === 'zh') {
    if (style < 0.12) return sentences.join(' ');
    const end = style < 0.22 ? '！' : style < 0.3 ? '～' : '。';
    return style < 0.7 ? `${sentences.join('，')}${end}` : `${sentences.join(end)}${end}`;
  }
  if (style < 0.12) return sentences.join(', ').toLowerCase();
  const end = style < 0.25 ? '!' : '.';
  return sentences.map((sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1) + end).join(' ');
}

function addOnce(list: string[], text: string): void {
  if (!list.includes(text)) list.push(text);
}
