import type { Aspect } from '../behaviour/experience.ts';
import type { ReviewInput } from './write-review.ts';
export type Composed = { text: string; title: string; aspects: Partial<Record<Aspect, -1 | 0 | 1>> };
export function composeText(input: ReviewInput): Composed {
  return { text: input.rating > 3 ? '很好' : '一般', title: '', aspects: {} };
}
