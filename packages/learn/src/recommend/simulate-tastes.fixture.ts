import { integerDraw, seededRandom } from '../numerics/random.ts';
import { buildInteractions, type Interactions } from './interactions.ts';

export type Tastes = {
  readonly interactions: Interactions;
  /** The group whose items a person mostly takes, and the group an item is in. */
  readonly tasteOf: Uint32Array;
  readonly groupOf: Uint32Array;
};

/**
 * People who mostly take items of one group, and few items that are popular with everybody. Item i is in group i modulo `groups`;
 * within a group earlier items are taken more often.
 */
export function simulateTastes(size: {
  readonly users: number;
  readonly items: number;
  readonly groups: number;
  readonly perUser: number;
  readonly seed: number;
}): Tastes {
  const { users, items, groups, perUser } = size;
  const random = seededRandom(size.seed);
  const user: number[] = [];
  const item: number[] = [];
  const perGroup = Math.floor(items / groups);
  const tasteOf = Uint32Array.from({ length: users }, () => integerDraw(random, groups));
  for (let person = 0; person < users; person++) {
    for (let draw = 0; draw < perUser; draw++) {
      const group = random() < 0.85 ? tasteOf[person] : integerDraw(random, groups);
      user.push(person);
      item.push(Math.floor(perGroup * random() ** 2) * groups + group);
    }
  }
  return {
    interactions: buildInteractions(users, items, { user, item }),
    tasteOf,
    groupOf: Uint32Array.from({ length: items }, (_, i) => i % groups),
  };
}
