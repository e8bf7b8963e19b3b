import type { Readable } from 'node:stream';
import type * as contract from '@zhiyin/contract';
import type { z } from 'zod';
import type { Workspace } from '../domain/workspace.ts';
import type { Stores } from '../storage/stores.ts';
import {
  type Act,
  archiveList,
  createList,
  createUpload,
  getList,
  getPersonAudience,
  getUpload,
  listChanges,
  listLists,
  listMembers,
  listTags,
  listUploads,
  type Queue,
  receiveUpload,
  startChange,
  startUpload,
  type UploadDeps,
  undo,
  updateList,
} from './audiences/index.ts';
import {
  createComputedTrait,
  deleteComputedTrait,
  getComputedTrait,
  listComputedTraits,
  previewComputedTrait,
  refreshComputedTrait,
  updateComputedTrait,
} from './computed-traits/index.ts';
import {
  cancelExport,
  createDestination,
  createExport,
  createSubscription,
  deleteDestination,
  deleteSubscription,
  type ExportDeps,
  getExport,
  listDestinations,
  listExports,
  listSubscriptions,
  openExportFile,
  testDestination,
  updateSubscription,
} from './destinations/index.ts';
import type { NameOptions } from './display-name.ts';

type Of<Schema extends z.ZodType> = z.output<Schema>;
type Queued = Act & { readonly jobs: Queue };

/** What routes ask of computed traits, tags, lists, exports and destinations. */
export type AudienceStage = ReturnType<typeof createAudienceStage>;

export function createAudienceStage(deps: UploadDeps & ExportDeps) {
  return {
    listComputedTraits,
    getComputedTrait,
    createComputedTrait,
    updateComputedTrait,
    refreshComputedTrait,
    deleteComputedTrait,
    previewComputedTrait,

    listTags,
    getPersonAudience,
    changeTag: (
      stores: Stores,
      workspace: Workspace,
      { tag, action, people }: Of<typeof contract.tagChangeRequestSchema>,
      act: Queued,
    ) => startChange(stores, workspace, { mark: { tag }, action, people }, act),
    listChanges,
    undo,

    listLists,
    getList,
    createList,
    updateList,
    archiveList,
    listMembers: (
      stores: Stores,
      workspace: Workspace,
      listId: number,
      query: Of<typeof contract.pageQuerySchema>,
      view: NameOptions,
    ) => listMembers(stores, workspace, listId, query, view),
    async changeList(
      stores: Stores,
      workspace: Workspace,
      listId: number,
      { action, people }: Of<typeof contract.listChangeRequestSchema>,
      act: Queued,
    ) {
      await getList(stores, workspace, listId);
      return startChange(stores, workspace, { mark: { listId }, action, people }, act);
    },
    createUpload,
    receiveUpload: (stores: Stores, workspace: Workspace, uploadId: number, bytes: Readable, act: Act) =>
      receiveUpload(stores, deps, workspace, uploadId, bytes, act),
    startUpload,
    getUpload,
    listUploads,

    listDestinations,
    createDestination,
    deleteDestination,
    testDestination,
    createExport: (
      stores: Stores,
      workspace: Workspace,
      create: Of<typeof contract.audienceExportCreateSchema>,
      view: { reveal: boolean },
      act: Queued,
    ) => createExport(stores, deps, workspace, create, view, act),
    listExports,
    getExport,
    cancelExport,
    openExportFile: (stores: Stores, workspace: Workspace, exportId: number, view: { reveal: boolean }) =>
      openExportFile(stores, deps, workspace, exportId, view),
    listSubscriptions,
    createSubscription,
    updateSubscription,
    deleteSubscription,
  };
}
