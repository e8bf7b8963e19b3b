/** Jobs: work in the background, on the control store, with retries and schedules. */
export type { JobData, JobDefinition, JobHandler, JobPage, JobRun, Jobs, SendOptions } from './jobs.ts';
export { type JobsOptions, openJobs } from './open-jobs.ts';
export { sendRestoredJobs } from './send-restored-jobs.ts';
