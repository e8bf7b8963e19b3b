/** Destinations: where people of a segment or list go, as files, to webhooks and to other databases. */

export { createDestination, deleteDestination, listDestinations, testDestination } from './manage-destinations.ts';
export {
  cancelExport,
  createExport,
  type ExportDeps,
  exportJob,
  getExport,
  listExports,
  openExportFile,
  removeOldExports,
} from './manage-exports.ts';
export {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  updateSubscription,
} from './manage-subscriptions.ts';
export { runExport } from './run-export.ts';
export { startDeliveries } from './start-deliveries.ts';
