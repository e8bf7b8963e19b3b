/** Algorithms. Typed arrays in, typed arrays out: no files, no clock, no global randomness. */
export { explainAnomaly, fitIsolationForest, type IsolationForest, scoreAnomaly } from './anomaly/isolation-forest.ts';
export {
  type BernoulliArms,
  chooseByKlUcb,
  chooseByThompson,
  chooseByUcb1,
  createBernoulliArms,
  updateBernoulliArms,
} from './bandit/bernoulli-arms.ts';
export { betaThompsonPropensities, normalThompsonPropensities, type Propensities } from './bandit/chance-of-best.ts';
export type { Random } from './bandit/draw.ts';
export { type FilledSlots, fillSlots, type SlotOptions, slotChances } from './bandit/fill-slots.ts';
export {
  chooseBySampling,
  createLinearBelief,
  type LinearBelief,
  predictReward,
  type SampledChoice,
  sumLinearBelief,
  updateLinearBelief,
  upperRewards,
} from './bandit/linear-arms.ts';
export {
  type ChooseClassifierOptions,
  type ChosenClassifier,
  type ClassifierName,
  type ClassifierPartName,
  chooseClassifier,
  classifierNames,
  refitClassifier,
} from './classify/choose-classifier.ts';
export {
  type ClassificationReport,
  computeAuc,
  computeCalibration,
  computeGains,
  evaluateClassifier,
} from './classify/classification-metrics.ts';
export {
  type Classifier,
  computeImportance,
  computePartialDependence,
  explainClassifier,
  predictProbability,
  scoreClassifier,
} from './classify/classifier.ts';
export { type FeatureColumn, type FeatureTable, stackTables, takeRows } from './classify/feature-table.ts';
export {
  type ChosenManyClass,
  chooseManyClass,
  evaluateManyClass,
  fitOneVsRest,
  type ManyClassName,
  type OneVsRest,
  predictClasses,
} from './classify/one-vs-rest.ts';
export { type ColumnBins, fitColumnBins, populationStability } from './classify/population-stability.ts';
export { type ClampedPoints, clampOutliers } from './cluster/clamp-outliers.ts';
export { type Difference, distinguishClusters } from './cluster/distinguish-clusters.ts';
export {
  type AutoencoderModel,
  type AutoencoderOptions,
  encodePoints,
  fitAutoencoder,
} from './cluster/fit-autoencoder.ts';
export { assignClusters, fitKMeans, type KMeansModel, type KMeansOptions } from './cluster/fit-k-means.ts';
export { fitMiniBatchKMeans, type MiniBatchOptions } from './cluster/fit-mini-batch-k-means.ts';
export { computeShares, fitMixture, type MixtureModel } from './cluster/fit-mixture.ts';
export {
  type ChosenClusterCount,
  type ClusterCountReport,
  chooseClusterCount,
  computeAdjustedRand,
  computeSilhouette,
} from './cluster/judge-clusters.ts';
export { assignMost, type MatchedClusters, matchClusters } from './cluster/match-clusters.ts';
export { fitScaling, type Points, type Scaling, scalePoints, takePoints } from './cluster/points.ts';
export { fitPrincipalAxes, type PrincipalAxes, projectPoints } from './cluster/principal-axes.ts';
export { DomainError, ShapeError } from './errors.ts';
export { computePageRank, type PageRank } from './graph/compute-page-rank.ts';
export {
  type Communities,
  type CommunityOptions,
  findLeidenCommunities,
  findLouvainCommunities,
} from './graph/find-communities.ts';
export { buildGraph, type Edges, type Graph } from './graph/graph.ts';
export { computeModularity } from './graph/partition.ts';
export { backtestPurchases, type PurchaseBacktest } from './lifetime/backtest-purchases.ts';
export { type BuiltHistories, buildHistories, countPurchases, type Purchases } from './lifetime/build-histories.ts';
export {
  type ChooseOptions,
  type ChosenPurchaseModel,
  choosePurchaseModel,
  type PurchaseCandidate,
} from './lifetime/choose-purchase-model.ts';
export { diagnosePurchaseModel, type ModelProblem, type ModelProblemCode } from './lifetime/diagnose-purchase-model.ts';
export { computeLogLikelihood, type FitPurchaseOptions, fitPurchaseModel } from './lifetime/fit-purchase-model.ts';
export {
  computeSpendLogLikelihood,
  fitGammaGamma,
  predictSpend,
  type SpendHistories,
  type SpendModel,
} from './lifetime/gamma-gamma.ts';
export { type LifetimeValueOptions, predictLifetimeValue } from './lifetime/lifetime-value.ts';
export type { ParameterInterval } from './lifetime/parameter-intervals.ts';
export { predictAlive, predictNewcomerPurchases, predictPurchases } from './lifetime/predict-purchases.ts';
export {
  fitPurchaseGaps,
  type GapHistories,
  type GapModel,
  predictReturn,
  predictReturnTime,
} from './lifetime/purchase-gaps.ts';
export type { PurchaseHistories } from './lifetime/purchase-histories.ts';
export {
  type LifetimeModelKind,
  lifetimeModels,
  type PurchaseBaselineKind,
  type PurchaseModel,
  type PurchaseModelKind,
  purchaseBaselines,
} from './lifetime/purchase-model.ts';
export { type CohortTrack, type TrackOptions, trackCohort } from './lifetime/track-cohort.ts';
export { digamma, logBeta, logGamma } from './numerics/gamma.ts';
export { hypergeometric, logHypergeometric } from './numerics/hypergeometric.ts';
export { incompleteBeta, incompleteGamma } from './numerics/incomplete.ts';
export {
  type MinimiseOptions,
  type Minimum,
  minimise,
  type SearchReport,
  type SmoothFunction,
} from './numerics/minimise.ts';
export { minimiseSimplex, type SimplexMinimum, type SimplexOptions } from './numerics/minimise-simplex.ts';
export { normalProbability, normalQuantile } from './numerics/normal-quantile.ts';
export { integerDraw, seededRandom } from './numerics/random.ts';
export { type Als, type AlsChanges, type AlsOptions, als, updateAls } from './recommend/als.ts';
export type { AlsContent } from './recommend/als-content.ts';
export { type Bpr, type BprOptions, bpr } from './recommend/bpr.ts';
export {
  type CandidateReport,
  type ChooseRecommenderOptions,
  type ChosenRecommender,
  chooseRecommender,
} from './recommend/choose-recommender.ts';
export { type Content, content, explainByFeatures, type SharedFeature } from './recommend/content.ts';
export { buildItemContent, type ContentOptions, type ItemDescription } from './recommend/content-features.ts';
export { type Ease, type EaseOptions, ease, fitEase } from './recommend/ease.ts';
export { type EaseChanges, updateEase } from './recommend/ease-update.ts';
export {
  evaluateRanking,
  type RankingReport,
  type RankingScores,
  scoreLists,
  summariseRanking,
  usersOf,
} from './recommend/evaluate-ranking.ts';
export {
  type GraphFilter,
  type GraphFilterOptions,
  gfCfOptions,
  graphFilter,
  sharpenedOptions,
} from './recommend/graph-filter.ts';
export { type TurboCf, type TurboCfOptions, turboCf } from './recommend/graph-filter-turbo.ts';
export type { Hybrid, HybridOptions } from './recommend/hybrid.ts';
export {
  buildInteractions,
  buildTimedInteractions,
  filterInteractions,
  historyOf,
  type Interactions,
  itemCounts,
  transpose,
} from './recommend/interactions.ts';
export { type ItemNeighbours, itemNeighbours } from './recommend/item-neighbours.ts';
export { loadModel } from './recommend/load-model.ts';
export type { NeighbourOptions } from './recommend/neighbour-lists.ts';
export { type Popularity, type PopularityOptions, popularity } from './recommend/popularity.ts';
export { predictRating, type Similarity, similarityMatrix } from './recommend/rating-prediction.ts';
export { type ManyOptions, recommendMany } from './recommend/recommend-many.ts';
export type {
  Contribution,
  FitTools,
  History,
  ItemContent,
  RankRequest,
  Recommender,
  RecommendModel,
  TrainingData,
} from './recommend/recommender.ts';
export { type AnyRecommender, findRecommender, type RecommenderKind, recommenders } from './recommend/recommenders.ts';
export { type Rp3Beta, type Rp3BetaOptions, rp3beta } from './recommend/rp3beta.ts';
export { saveModel } from './recommend/save-model.ts';
export { type ServedModel, type Shares, serveModel } from './recommend/serve-model.ts';
export { topK } from './recommend/top-k.ts';
export { type TruncatedSvd, type TruncatedSvdOptions, truncatedSvd } from './recommend/truncated-svd.ts';
export { fitTruncatedSvd, type SvdFactors, type SvdOptions, svdFactors } from './recommend/truncated-svd-factors.ts';
export { neighbourShares, type UserNeighbours, userNeighbours } from './recommend/user-neighbours.ts';
export { type WeighOptions, type WeightedEvents, weighEvents } from './recommend/weigh-events.ts';
export { calibrationDivergence } from './rerank/order-calibrated.ts';
export type { Pin } from './rerank/place-pins.ts';
export { pickPositions, type RankedList, rankCandidates } from './rerank/ranked-list.ts';
export {
  type CycleOptions,
  type DueOptions,
  fitRepurchaseCycles,
  judgeRepurchase,
  type PurchaseLog,
  type RepurchaseCycles,
  type RepurchaseState,
  repurchaseQuantile,
} from './rerank/repurchase-cycles.ts';
export {
  type Because,
  type Reranked,
  type RerankReport,
  type RerankStep,
  rerank,
} from './rerank/rerank.ts';
export {
  type BoughtOptions,
  boostBySignal,
  boostItems,
  type CapOptions,
  calibrateGroups,
  capPerGroup,
  type DiversityStepOptions,
  type ExposureStepOptions,
  ensureShares,
  lessPopular,
  pinItems,
  removeItems,
  ruleBought,
  spreadAlike,
  takeFirst,
} from './rerank/rerank-steps.ts';
export { marginSignal, type StockBounds, stockSignal } from './rerank/scale-scores.ts';
export { contentSimilarity, groupSimilarity, type SimilarityInto, vectorSimilarity } from './rerank/similarity.ts';
export { type BlendModel, fitBlend } from './sequence/blend.ts';
export {
  chooseSequenceModel,
  type SequenceCandidate,
  type SequenceModelName,
  sequenceModels,
} from './sequence/choose-sequence-model.ts';
export { type ChosenTransitions, chooseTransitions } from './sequence/choose-transitions.ts';
export { evaluateNextItem, type NextItemReport, scoreHistories } from './sequence/evaluate-next-item.ts';
export {
  countCases,
  dropLast,
  holdOut,
  leaveLastOut,
  type NextItems,
  nextItemsAt,
  sampleCases,
} from './sequence/next-items.ts';
export { fitSasrec, type SasrecOptions, sasrecDefaults } from './sequence/sasrec/fit-sasrec.ts';
export { sasrec } from './sequence/sasrec/sasrec.ts';
export type { SasrecModel, SasrecReport } from './sequence/sasrec/sasrec-model.ts';
export { type SequenceBlendOptions, sequenceBlend } from './sequence/sequence-blend.ts';
export { sequenceRecommenders } from './sequence/sequence-recommenders.ts';
export { buildSequences, type Sequences, sequencesOf, splitSessions } from './sequence/sequences.ts';
export {
  findSessionNeighbours,
  fitSessions,
  type SessionModel,
  type SessionOptions,
  sessionDefaults,
  sessionNeighbours,
} from './sequence/session-neighbours.ts';
export {
  fitTransitions,
  type TransitionModel,
  type TransitionOptions,
  transitionDefaults,
  transitionNeighbours,
  updateTransitions,
} from './sequence/transition-neighbours.ts';
export { type ChooseTextOptions, chooseTextModel, majorityLanguage, type TextTask } from './text/choose-text-model.ts';
export { type CompactTextModel, compactTextModel, expandTextModel } from './text/compact-text-model.ts';
export { evaluateTexts, type TextReport } from './text/evaluate-text.ts';
export type { LabelledTexts } from './text/fit-text-model.ts';
export type { Language } from './text/normalise-text.ts';
export { explainText, openTextModel, type TextModel, type TextPrediction } from './text/text-model.ts';
