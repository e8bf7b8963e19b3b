import type { recommendAnswerSchema, recommendNoteSchema } from '@zhiyin/contract';
import type { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Because } from './explain-items.ts';
import type { Chosen } from './question.ts';
import { wordReason } from './word-reason.ts';

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

/**
 * The answer as JSON text, put together by hand: what an item says about itself is made once per item, and a schema would be most of
 * the work. `recommendAnswerSchema` describes the same, and a test holds the two together.
 */
export function formatAnswer(answer: Answer, catalogue: Catalogue, locale: 'zh-CN' | 'en' | undefined): string {
  let items = '';
  answer.items.forEach((one, place) => {
    if (place > 0) items += ',';
    items += formatItem(one, answer.reasons[place]!, catalogue, locale);
  });
  const { experiment } = answer;
  return (
    `{"decisionId":"${answer.decisionId}","surface":${JSON.stringify(answer.surface)},"items":[${items}],` +
    `"personalised":${answer.personalised},"notes":${JSON.stringify(answer.notes)},"model":"${answer.model}",` +
    `"modelVersion":"${answer.modelVersion}","propensity":${answer.propensity},"methods":${JSON.stringify(answer.methods)},` +
    `"fallback":${answer.fallback},"experiment":${experiment ? JSON.stringify(experiment) : 'null'},` +
    `"decidedAt":"${answer.decidedAt.toISOString()}"${answer.debug ? `,"debug":${JSON.stringify(answer.debug)}` : ''}}`
  );
}

function formatItem(
  one: Chosen,
  because: readonly Because[],
  catalogue: Catalogue,
  locale: 'zh-CN' | 'en' | undefined,
): string {
  let reason = '';
  if (locale !== 'en') reason += `"zh":"${wordReason(catalogue, one, because, 'zh')}",`;
  if (locale !== 'zh-CN') reason += `"en":"${wordReason(catalogue, one, because, 'en')}",`;
  let list = '';
  because.forEach(({ did, item, share }, at) => {
    const name = catalogue.quotedName(item);
    list += `${at > 0 ? ',' : ''}{"did":"${did}","itemId":${catalogue.quotedId(item)},"name":"${name}","share":${round(share)}}`;
  });
  return (
    `{${catalogue.fragment(one.item)},"score":${round(Math.min(1, one.score))},"method":"${one.method}"` +
    `${one.pinned ? ',"pinned":true' : ''}${one.boosted ? ',"boosted":true' : ''}${one.explored ? ',"explored":true' : ''}` +
    `,"propensity":${one.propensity},"reason":{${reason}"because":[${list}]}}`
  );
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;
