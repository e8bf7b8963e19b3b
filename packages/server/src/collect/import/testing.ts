import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { workspaceSettingsSchema } from '@zhiyin/contract';
import type { WorkspaceId } from '../../domain/ids.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { TestStores } from '../../storage/testing.ts';
import type { JournalWriter } from '../journal/journal.ts';
import type { ImportAct, ImportDeps, ImportPorts, SeenPair, SeenPerson } from './import-deps.ts';

/** Rules and ports that remember what they were told, instead of the stages behind them. */
export function recordingPorts(): ImportPorts & { readonly people: SeenPerson[]; readonly pairs: SeenPair[] } {
  const people: SeenPerson[] = [];
  const pairs: SeenPair[] = [];
  return {
    people,
    pairs,
    rules: {
      blockedIdentifiers: () => ['null', 'nan', 'guest', '-1', '0', 'none', 'unknown', '匿名'],
      currencyExponents: new Map([
        ['USD', 2],
        ['GBP', 2],
        ['CNY', 2],
        ['EUR', 2],
        ['JPY', 0],
        ['KWD', 3],
      ]),
      findCurrency: (text) => ({ RMB: 'CNY', 元: 'CNY', '￥': 'CNY', $: 'USD', '€': 'EUR', '£': 'GBP' })[text],
    },
    registerPeople: async (_stores, _workspace, seen) => {
      people.push(...seen.people);
      pairs.push(...seen.pairs);
    },
  };
}

export function testDeps(stores: TestStores, ports: ImportPorts): ImportDeps {
  return {
    ports,
    importDir: stores.config.collect.importDir,
    diskReserveBytes: 0,
    database: stores.config.events.database,
    engineReadsFiles: true,
    log: { info: () => {}, warn: () => {} },
  };
}

export function testWorkspace(id: WorkspaceId, over: Partial<Workspace> = {}): Workspace {
  return {
    id,
    name: 'Test brand',
    timeZone: 'UTC',
    currency: 'USD',
    locale: 'en',
    isDemo: false,
    createdAt: new Date(),
    settings: workspaceSettingsSchema.parse({}),
    ...over,
  };
}

export const act: ImportAct = { actor: { kind: 'system' }, audit: async () => {} };

/** Bytes as an upload brings them. */
export function upload(bytes: Buffer | string): Readable {
  return Readable.from([Buffer.from(bytes as string)]);
}

export async function temporaryFile(name: string, bytes: Buffer | string): Promise<string> {
  const { tmpdir } = await import('node:os');
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'zhiyin-import-')), name);
  await writeFile(file, bytes);
  return file;
}

export const readBytes = (file: string): Buffer => readFileSync(file);

/** For imports that must not need a journal. */
export const noJournal: JournalWriter = {
  id: 'none',
  append: () => Promise.reject(new Error('this import goes through the engine and needs no journal')),
  status: () => ({ bytesWaiting: 0, recordsTotal: 0, oldestWaitingAt: null }),
  onAppend: () => () => {},
  close: async () => {},
};

/** A journal that counts each record as valid at once, the way the worker does when it has cleaned it. */
export function countingJournal(stores: TestStores): JournalWriter & { readonly bodies: string[] } {
  const bodies: string[] = [];
  return {
    ...noJournal,
    bodies,
    async append(record) {
      bodies.push(record.body.toString('utf8'));
      await stores.control.of(record.workspaceId).query(
        `insert into import_counts (workspace_id, import_id, outcome, reason, records) values ($1, $2, 'valid', '', $3)
         on conflict (workspace_id, import_id, outcome, reason) do update set records = import_counts.records + excluded.records`,
        [record.importId, record.count],
      );
      return { segment: 1, offset: bodies.length };
    },
  };
}
