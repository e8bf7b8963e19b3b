import { said } from '@zhiyin/contract';
import type { JsonObject } from '../domain/events.ts';
import type { CompiledSettings } from './clean-settings.ts';
import { type Arrival, type Identifier, quarantine, type Refusal } from './draft.ts';
import { describe, own } from './json.ts';
import { parseInstant } from './parse-instant.ts';
import { maskText } from './personal/mask-text.ts';

export type ReviewDraft = {
  /** Empty: the review is its contents, and the same contents again are the same review. */
  readonly reviewId: string;
  readonly identifiers: readonly Identifier[];
  readonly itemId: string;
  readonly rating: number | null;
  readonly title: string;
  readonly text: string;
  readonly language: string;
  readonly occurredAt: Date;
  readonly repairs: readonly string[];
};

const han = /\p{Script=Han}/u;

/** A review or a piece of feedback. Its text is kept; addresses in it are masked where the workspace says so. */
export function cleanReview(
  raw: JsonObject,
  arrival: Arrival,
  settings: CompiledSettings,
): { kind: 'review'; review: ReviewDraft } | Refusal {
  const text = readText(raw, 'text') || readText(raw, 'review_body') || readText(raw, 'reviewBody');
  if (text === '') return quarantine('missing_property', 'text', said('review_text'));
  const rating = readRating(raw);
  if (rating === undefined) {
    return quarantine('bad_rating', 'rating', said('rating', { got: describe(own(raw, 'rating')) }));
  }
  const written = own(raw, 'timestamp');
  const stated = parseInstant(written, settings.workspace.timeZone);
  if (!stated && written !== undefined && written !== null && written !== '') {
    return quarantine('bad_timestamp', 'timestamp', said('not_instant', { got: describe(written) }));
  }
  const repairs = stated && !stated.isPlain ? ['timestamp:format'] : [];
  const mask = settings.workspace.settings.maskFreeText ? maskText : (words: string) => words;
  const title = mask(readText(raw, 'title'));
  const maskedText = mask(text);
  if (maskedText !== text) repairs.push('masked');
  const occurredAt = stated && stated.at <= arrival.receivedAt ? stated.at : arrival.receivedAt;
  return {
    kind: 'review',
    review: {
      reviewId: readText(raw, 'reviewId') || readText(raw, 'review_id'),
      identifiers: identifiersOf(raw, settings),
      itemId: readText(raw, 'itemId') || readText(raw, 'item_id') || readText(raw, 'product_id'),
      rating,
      title,
      text: maskedText,
      language: readText(raw, 'language') || (han.test(text) ? 'zh' : 'en'),
      occurredAt,
      repairs,
    },
  };
}

function readText(raw: JsonObject, name: string): string {
  const value = own(raw, name);
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

/** Null: the source gives none. Undefined: what it gives is no rating. */
function readRating(raw: JsonObject): number | null | undefined {
  const value = own(raw, 'rating');
  if (value === undefined || value === null || value === '') return null;
  const rating = typeof value === 'string' ? Number(value) : value;
  return typeof rating === 'number' && rating >= 1 && rating <= 5 ? rating : undefined;
}

function identifiersOf(raw: JsonObject, settings: CompiledSettings): Identifier[] {
  const named = [
    { kind: 'user_id', value: readText(raw, 'userId') },
    { kind: 'email', value: readText(raw, 'email') },
    { kind: 'anonymous_id', value: readText(raw, 'anonymousId') },
  ] as const;
  return named.filter(({ value }) => !settings.blocked.has(value.toLowerCase()));
}
