/** Profile: who somebody is and what they did. Comes in: events and the identity graph. Goes out: people, their traits, value and timeline. */

export { type AudienceStage, createAudienceStage } from './audience-stage.ts';
export { changeJob, removeOldUploads, runChange, runUpload, uploadJob } from './audiences/index.ts';
export {
  followLiveTraits,
  runDefinition,
  sendDueDefinitions,
  traitJob,
} from './computed-traits/index.ts';
export { exportJob, removeOldExports, runExport, startDeliveries } from './destinations/index.ts';
export { displayNames } from './display-name.ts';
export { getPerson } from './get-person.ts';
export { listPeople } from './list-people.ts';
export { listPersonEvents } from './list-person-events.ts';
export { currentProfile, identitiesOf, profilesOf } from './profile-identities.ts';
