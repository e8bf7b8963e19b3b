export { formatSnippet } from './format-snippet.ts';
export type { Message, MessageType, Properties, TrackerOptions } from './options.ts';
export { createTracker, type Tracker } from './tracker.ts';
