/** Computed traits: what is computed of people, by whatever computes it. One table, one way in, one way out. */

export { readComputedTraits } from './read-computed-traits.ts';
export {
  type ComputedRow,
  type ComputedTraits,
  type ComputedValue,
  type SavedTraits,
  saveComputedTraits,
} from './save-computed-traits.ts';
