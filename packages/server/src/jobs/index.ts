export type { JobData, JobDefinition, JobHandler, JobPage, JobRun, Jobs, SendOptions } from './jobs.ts';
