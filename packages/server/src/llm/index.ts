export { tidyCalls } from './calls/ledger.ts';
export { createLlmStage, type LlmStage } from './llm-stage.ts';
export type { LlmStores } from './model-settings.ts';
export { type ModelDoor, openModelDoor } from './open-model-door.ts';
export type { Question } from './prepare-prompt.ts';
export type { Answer } from './run-call.ts';
