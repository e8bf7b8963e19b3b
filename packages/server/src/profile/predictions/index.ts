/** Predictions: what is foretold of each person, by models learned from the brand's own past, with reasons. */

export { keepPredictionsFresh } from './keep-predictions-fresh.ts';
export {
  createPredictionsStage,
  type PredictionsStage,
  predictionJob,
  sendPredictionRun,
} from './predictions-stage.ts';
export { runPrediction } from './run-prediction.ts';
