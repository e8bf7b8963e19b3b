/** Fixed addresses in the shared memory, in bytes; assembly/work.ts reads the same. Words that several threads write stand on lines of their own. */
export const generationAt = 1024;
export const ticketsAt = 1088;
export const finishedAt = 1152;
export const failedAt = 1216;
export const nextPieceAt = 1280;
export const wholesAt = 2048;
export const realsAt = 2304;
export const scratchAt = 2432;
export const operationAt = 2440;
/** Everything before it is reserved. */
export const heapAt = 65536;

/** What the module exports; the number of an operation is its place here. */
export const operations = [
  'adam',
  'addScaledRows',
  'attentionBackward',
  'attentionForward',
  'biasActivation',
  'biasActivationBackward',
  'choleskyBlock',
  'choleskySolutions',
  'conjugateGradients',
  'dropout',
  'gatherRows',
  'invertBlock',
  'layerNormBackward',
  'layerNormForward',
  'mirrorLower',
  'multiplyPacked',
  'nearestCentres',
  'packColumns',
  'productOfStretches',
  'putColumns',
  'rowDots',
  'rowDotsInt8',
  'sampledSoftmaxLoss',
  'scatterAddRows',
  'scoreTopK',
  'softmaxLoss',
  'solveBelow',
  'solveBlock',
  'sparseGramLower',
  'sparseProductTopK',
  'sparseTimesDense',
  'takeColumns',
  'topKRows',
] as const;

export type Operation = (typeof operations)[number];
