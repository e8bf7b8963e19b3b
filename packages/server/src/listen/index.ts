export { findShippedModel, readTextModel, writeTextModel } from './text-model-files.ts';
