import { compareSegments } from './manage/compare-segments.ts';
import {
  archiveSegment,
  createSegment,
  getSegment,
  listSegments,
  restoreSegment,
  updateSegment,
} from './manage/manage-segments.ts';
import {
  explainMembership,
  listMembers,
  listPersonSegments,
  previewSegment,
  readOverlap,
  readSize,
} from './manage/read-segments.ts';
import { readVocabulary } from './manage/vocabulary.ts';
import { readRuleFromWords } from './words/read-rule-from-words.ts';

/** What the console asks of segments. */
export const segmentsStage = {
  listSegments: (...[stores, workspace, query]: Parameters<typeof listSegments>) =>
    listSegments(stores, workspace, query),
  getSegment: (...[stores, workspace, id]: Parameters<typeof getSegment>) => getSegment(stores, workspace, id),
  createSegment,
  updateSegment,
  archiveSegment,
  restoreSegment,
  previewSegment,
  listMembers,
  readSize,
  readOverlap,
  compareSegments,
  explainMembership,
  listPersonSegments,
  readVocabulary,
  readRuleFromWords,
};
export type SegmentsStage = typeof segmentsStage;

export const computeJob = 'segments-compute';
