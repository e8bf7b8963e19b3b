// Every export takes its arguments from memory (work.ts) and is run by all threads at once, each taking pieces until none is left.
export { attentionBackward, attentionForward } from './attention';
export { nearestCentres } from './clusters';
export {
  choleskyBlock,
  invertBlock,
  mirrorLower,
  multiplyPacked,
  packColumns,
  productOfStretches,
  putColumns,
  solveBelow,
  solveBlock,
  takeColumns,
} from './dense';
export {
  adam,
  addScaledRows,
  biasActivation,
  biasActivationBackward,
  dropout,
  gatherRows,
  layerNormBackward,
  layerNormForward,
  rowDots,
  rowDotsInt8,
  sampledSoftmaxLoss,
  scatterAddRows,
  softmaxLoss,
} from './layers';
export { choleskySolutions, conjugateGradients } from './least-squares';
export { sparseGramLower, sparseProductTopK, sparseTimesDense } from './sparse';
export { scoreTopK, topKRows } from './top-k';
export { setThread } from './work';
