import type { LlmCall, LlmSettings, LlmTest, LlmUpdate, Page, Panel } from '@zhiyin/contract';
import type { Workspace } from '../domain/workspace.ts';
import type { ControlSession } from '../storage/control/control-store.ts';
import { listCalls, readUsage } from './calls/ledger.ts';
import { deleteSettings, type LlmStores, readSettings, saveSettings } from './model-settings.ts';
import { openModelDoor } from './open-model-door.ts';
import { testEndpoint } from './test-endpoint.ts';

type Act = {
  readonly audit: (session: ControlSession, details?: Record<string, boolean | readonly string[]>) => Promise<void>;
};

/** What the console asks of the door. */
export type LlmStage = {
  readSettings(workspace: Workspace): Promise<LlmSettings>;
  saveSettings(workspace: Workspace, update: LlmUpdate, act: Act): Promise<LlmSettings>;
  deleteSettings(workspace: Workspace, act: Act): Promise<LlmSettings>;
  test(workspace: Workspace): Promise<LlmTest>;
  readUsage(workspace: Workspace, days: number): Promise<Panel>;
  listCalls(
    workspace: Workspace,
    query: { readonly cursor?: string | undefined; readonly limit: number },
    view: { readonly prompts: boolean },
  ): Promise<Page<LlmCall>>;
};

export function createLlmStage(stores: LlmStores): LlmStage {
  const { control } = stores;
  return {
    readSettings: (workspace) => readSettings(control, workspace, new Date()),
    async saveSettings(workspace, update, act) {
      await control.transaction(async (session) => {
        const { fields, keyChanged } = await saveSettings(stores, workspace, update, session);
        await act.audit(session, { fields, keyChanged });
      });
      return readSettings(control, workspace, new Date());
    },
    async deleteSettings(workspace, act) {
      await control.transaction(async (session) => {
        await deleteSettings(session, workspace);
        await act.audit(session);
      });
      return readSettings(control, workspace, new Date());
    },
    // A door of its own: a test asks the endpoint even while calls to it are paused.
    test: (workspace) => testEndpoint(openModelDoor({ stores }), stores, workspace),
    readUsage: (workspace, days) => readUsage(control, workspace, days, new Date()),
    listCalls: (workspace, query, view) => listCalls(stores, workspace, query, view),
  };
}
