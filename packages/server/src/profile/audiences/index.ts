/** Audiences: tags and lists. What operators say of people, by hand, from segments and from files; every change can be undone. */

export type { Act, Queue, Run } from './act.ts';
export { changeJob, listChanges, runChange, startChange, undo } from './changes.ts';
export { archiveList, createList, getList, listLists, listMembers, updateList } from './manage-lists.ts';
export {
  createUpload,
  getUpload,
  listUploads,
  receiveUpload,
  startUpload,
  type UploadDeps,
  uploadJob,
} from './receive-upload.ts';
export { removeOldUploads } from './remove-old-uploads.ts';
export { runUpload } from './run-upload.ts';
export { getPersonAudience, listTags } from './tags.ts';
