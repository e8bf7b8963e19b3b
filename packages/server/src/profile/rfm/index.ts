/** RFM: how lately, how often and for how much each customer bought; five scores each, and groups with names. */

export { readRfm } from './read-rfm.ts';
export { readRfmMigration } from './read-rfm-migration.ts';
export { rfmParameters, rfmSql } from './rfm-sql.ts';
export { saveRfm } from './save-rfm.ts';
