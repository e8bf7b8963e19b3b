/** Segments: rules over people. Comes in: what is known of people, and that something changed. Goes out: who is in what, always true. */

export { computeSegments } from './membership/compute-segments.ts';
export { followPeople } from './membership/follow-people.ts';
export { refuseTooLarge } from './rule/check-rule.ts';
export { computeJob, type SegmentsStage, segmentsStage } from './segments-stage.ts';
