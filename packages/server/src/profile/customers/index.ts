/** Customers as groups: RFM, clusters, look-alikes, the graph and companies; what runs for them and what is kept. */

export { createRun, listDueBrands } from './customer-runs.ts';
export { type CustomerStage, customerStage, customersJob, sendRun } from './customer-stage.ts';
export { runCustomers } from './run-customers.ts';
