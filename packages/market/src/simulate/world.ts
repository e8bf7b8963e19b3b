import type { Moment } from '../behaviour/choose.ts';
import type { Catalogue } from '../catalogue/build-catalogue.ts';
import type { MessageChannel, Person } from '../people/build-people.ts';
import type { MediaPlan } from '../people/media.ts';
import type { Promotion } from '../promotions.ts';
import type { Random } from '../random.ts';
import type { Review, ReviewTruth } from '../reviews/write-review.ts';
import type { CallRecorder } from './calls.ts';
import type { CartLine, PersonState } from './state.ts';

export type Order = {
  readonly orderId: string;
  readonly person: Person;
  readonly lines: readonly CartLine[];
  readonly at: number;
};

/** Why somebody comes: decides the landing page, the campaign tags and how long they stay. */
export type VisitReason =
  | { readonly kind: 'direct' }
  | { readonly kind: 'organic' }
  | { readonly kind: 'referral' }
  | { readonly kind: 'media'; readonly channel: number }
  | { readonly kind: 'message'; readonly channel: MessageChannel; readonly campaign: string; readonly topic: number };

export type Task =
  | { readonly kind: 'deliver'; readonly order: Order; readonly lateDays: number }
  | {
      readonly kind: 'review';
      readonly person: Person;
      readonly line: CartLine;
      readonly review: Review;
      readonly truth: ReviewTruth;
    }
  | { readonly kind: 'refund'; readonly order: Order; readonly lines: readonly CartLine[] }
  | { readonly kind: 'remind'; readonly person: Person }
  | { readonly kind: 'welcome'; readonly person: Person }
  | { readonly kind: 'visit'; readonly person: Person; readonly reason: VisitReason };

export type Today = {
  readonly day: number;
  readonly promotion: Promotion | null;
  readonly moment: Moment;
  /** Per category. */
  readonly season: Float64Array;
  readonly discount: Float64Array;
};

/** Everything a simulation holds. Made once per run, so that two runs of one market do not disturb each other. */
export type World = {
  readonly seed: number;
  readonly catalogue: Catalogue;
  readonly people: Person[];
  readonly media: MediaPlan;
  readonly states: (PersonState | null)[];
  /** Per item: fame and what was sold lately. */
  readonly popularity: Float64Array;
  readonly recentSales: Float64Array;
  readonly agenda: Map<number, Task[]>;
  readonly record: CallRecorder;
  readonly random: Random;
  readonly keys: {
    readonly visit: number;
    readonly delivery: number;
    readonly message: number;
    readonly order: number;
  };
  /** Those who have not come yet and may be brought by a friend. */
  readonly waiting: number[];
  reviews: Review[];
  reviewTruths: ReviewTruth[];
  today: Today;
};

export function schedule(world: World, day: number, task: Task): void {
  const tasks = world.agenda.get(day);
  if (tasks) tasks.push(task);
  else world.agenda.set(day, [task]);
}
