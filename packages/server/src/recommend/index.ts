export { formatBlock } from './block.ts';
export { openRecommendEngine, type RecommendEngine } from './engine.ts';
export { learnExploration, listLearningWorkspaces } from './explore/learn-exploration.ts';
export type { AcceptedCalls } from './people/fresh-events.ts';
export { createRecommendStage, type RecommendStage, sendTraining, trainingJob } from './recommend-stage.ts';
export { runTraining, type TrainingParts } from './train/run-training.ts';
export { mayLearn } from './train/train-workspace.ts';
export { createTraining, listDueWorkspaces } from './train/training-runs.ts';
export type { EngineOptions } from './workspace-engine.ts';
