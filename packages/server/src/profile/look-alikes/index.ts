/** Look-alikes: who behaves like a given set of people, how surely, and how many to take. */

export { findLookAlikes, type LookAlikeResult } from './find-look-alikes.ts';
