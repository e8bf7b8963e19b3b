import type { RecommendMethod, recommendAnswerSchema, recommendNoteSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import { ByteText, bytesOf } from '../byte-text.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Because } from './explain-items.ts';
import type { Chosen } from './question.ts';
import { addReason } from './word-reason.ts';

export type Note = z.infer<typeof recommendNoteSchema>;
export type Debug = NonNullable<z.infer<typeof recommendAnswerSchema>['debug']>;

/** An answer before it becomes text. */
export type Answer = {
  readonly decisionId: string;
  readonly surface: string;
  readonly items: readonly Chosen[];
  readonly reasons: readonly (readonly Because[])[];
  readonly personalised: boolean;
  readonly notes: readonly Note[];
  readonly model: string;
  readonly modelVersion: string;
  readonly propensity: number;
  readonly methods: readonly string[];
  readonly fallback: boolean;
  readonly experiment: { readonly name: string; readonly arm: string } | null;
  readonly decidedAt: Date;
  readonly debug?: Debug;
};

/** Reused by every answer: they are put together one after the other. */
const text = new ByteText();

/**
 * The answer as JSON, put together by hand: what an item says about itself is encoded once per item, and a schema would be most of
 * the work. `recommendAnswerSchema` describes the same, and a test holds the two together. It stands until the next one is made.
 */
export function formatAnswer(answer: Answer, catalogue: Catalogue, locale: 'zh-CN' | 'en' | undefined): Buffer {
  const { experiment } = answer;
  text.clear().addText(`{"decisionId":"${answer.decisionId}","surface":${JSON.stringify(answer.surface)},"items":[`);
  for (let place = 0; place < answer.items.length; place += 1) {
    if (place > 0) text.add(comma);
    addItem(answer.items[place]!, answer.reasons[place]!, catalogue, locale);
  }
  text.addText(
    `],"personalised":${answer.personalised},"notes":${JSON.stringify(answer.notes)},"model":"${answer.model}",` +
      `"modelVersion":"${answer.modelVersion}","propensity":${answer.propensity},"methods":${JSON.stringify(answer.methods)},` +
      `"fallback":${answer.fallback},"experiment":${experiment ? JSON.stringify(experiment) : 'null'},` +
      `"decidedAt":"${answer.decidedAt.toISOString()}"${answer.debug ? `,"debug":${JSON.stringify(answer.debug)}` : ''}}`,
  );
  return text.view();
}

const comma = bytesOf(',');
const open = bytesOf('{');
const close = bytesOf('}');
const score = bytesOf(',"score":');
const pinned = bytesOf(',"pinned":true');
const boosted = bytesOf(',"boosted":true');
const explored = bytesOf(',"explored":true');
const propensity = bytesOf(',"propensity":');
const reasonInChinese = bytesOf(',"reason":{"zh":"');
const reasonInEnglish = bytesOf(',"reason":{"en":"');
const andInEnglish = bytesOf('","en":"');
const because = bytesOf('","because":[');
const endOfItem = bytesOf(']}}');
const name = bytesOf(',"name":"');
const share = bytesOf('","share":');
const method: Readonly<Record<RecommendMethod, Buffer>> = {
  personal: bytesOf(',"method":"personal"'),
  similar: bytesOf(',"method":"similar"'),
  together: bytesOf(',"method":"together"'),
  next: bytesOf(',"method":"next"'),
  popular: bytesOf(',"method":"popular"'),
  new: bytesOf(',"method":"new"'),
  search: bytesOf(',"method":"search"'),
};

function addItem(
  one: Chosen,
  parts: readonly Because[],
  catalogue: Catalogue,
  locale: 'zh-CN' | 'en' | undefined,
): void {
  text.add(open);
  catalogue.addFragment(text, one.item);
  text.add(score).addRounded(Math.min(1, one.score)).add(method[one.method]);
  if (one.pinned) text.add(pinned);
  if (one.boosted) text.add(boosted);
  if (one.explored) text.add(explored);
  text.add(propensity).addChance(one.propensity);
  text.add(locale === 'en' ? reasonInEnglish : reasonInChinese);
  addReason(text, catalogue, one, parts, locale === 'en' ? 'en' : 'zh');
  if (locale === undefined) {
    text.add(andInEnglish);
    addReason(text, catalogue, one, parts, 'en');
  }
  text.add(because);
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at]!;
    if (at > 0) text.add(comma);
    text.add(did[part.did]);
    catalogue.addId(text, part.item);
    text.add(name);
    catalogue.addName(text, part.item);
    text.add(share).addRounded(part.share).add(close);
  }
  text.add(endOfItem);
}

const did: Readonly<Record<Because['did'], Buffer>> = {
  viewed: bytesOf('{"did":"viewed","itemId":'),
  added: bytesOf('{"did":"added","itemId":'),
  wished: bytesOf('{"did":"wished","itemId":'),
  bought: bytesOf('{"did":"bought","itemId":'),
  liked: bytesOf('{"did":"liked","itemId":'),
  shared: bytesOf('{"did":"shared","itemId":'),
  disliked: bytesOf('{"did":"disliked","itemId":'),
  returned: bytesOf('{"did":"returned","itemId":'),
  removed: bytesOf('{"did":"removed","itemId":'),
  alike: bytesOf('{"did":"alike","itemId":'),
  together: bytesOf('{"did":"together","itemId":'),
  next: bytesOf('{"did":"next","itemId":'),
  attribute: bytesOf('{"did":"attribute","itemId":'),
  due: bytesOf('{"did":"due","itemId":'),
};
