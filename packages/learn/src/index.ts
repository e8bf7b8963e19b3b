/** Algorithms. Typed arrays in, typed arrays out: no files, no clock, no global randomness. */
export { DomainError, ShapeError } from './errors.ts';
export { evaluateRanking, type RankingReport } from './recommend/evaluate-ranking.ts';
export { buildInteractions, type Interactions, transpose } from './recommend/interactions.ts';
export { fitItemNeighbours, type ItemNeighbours, scoreByItemNeighboursInto } from './recommend/item-neighbours.ts';
export { fitPopularity, type Popularity, scoreByPopularityInto } from './recommend/popularity.ts';
export { predictRating, type Similarity, similarityMatrix } from './recommend/rating-prediction.ts';
export { topK } from './recommend/top-k.ts';
export { fitUserNeighbours, scoreByUserNeighboursInto, type UserNeighbours } from './recommend/user-neighbours.ts';
