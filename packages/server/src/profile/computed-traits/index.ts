/** Computed traits: what is computed of people, by whatever computes it. One table, one way in, one way out. */

export { followLiveTraits } from './follow-live-traits.ts';
export {
  createComputedTrait,
  deleteComputedTrait,
  getComputedTrait,
  listComputedTraits,
  previewComputedTrait,
  refreshComputedTrait,
  traitJob,
  updateComputedTrait,
} from './manage-definitions.ts';
export { readComputedTraits } from './read-computed-traits.ts';
export { runDefinition, sendDueDefinitions } from './run-definition.ts';
export {
  type ComputedRow,
  type ComputedTraits,
  type ComputedValue,
  type SavedTraits,
  saveComputedTraits,
} from './save-computed-traits.ts';
