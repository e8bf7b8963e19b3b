/** Measure: what happened, in pictures that can be traced to their query. */
export { readHealth } from './health/read-health.ts';
export { listItems } from './library/list-items.ts';
export { listReviews } from './library/list-reviews.ts';
export { listSpend } from './library/list-spend.ts';
export { overviewPanels, readOverviewExtent, readOverviewPanel } from './overview/read-overview-panel.ts';
export { followEvents } from './stream/follow-events.ts';
export { listEvents } from './stream/list-events.ts';
