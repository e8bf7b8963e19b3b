import { type RepairAction, said } from '@zhiyin/contract';
import type { MendedRow } from '../../collect/import/index.ts';
import type { JsonObject } from '../../domain/events.ts';
import type { Workspace } from '../../domain/workspace.ts';
import type { Stores } from '../../storage/stores.ts';
import { isImportRow, mendRecord } from './mend-record.ts';
import type { QuarantinedRecord } from './read-quarantine.ts';
import type { ImportReplay } from './replay-tools.ts';

/** Rows of one import that are handed over at once. Of equal rows in one lot all are kept, as in one file. */
const lotRowsMax = 20_000;

/**
 * Rows of files on their way back through their import: what mending made good is collected and handed over in lots; what is still
 * refused stays in quarantine and says why.
 */
export class ReplayedRows {
  readonly #stores: Stores;
  readonly #workspace: Workspace;
  readonly #imports: ImportReplay;
  readonly #waiting = new Map<number, MendedRow[]>();
  #replayed = 0;

  constructor(stores: Stores, workspace: Workspace, imports: ImportReplay) {
    this.#stores = stores;
    this.#workspace = workspace;
    this.#imports = imports;
  }

  async take(records: readonly QuarantinedRecord[], actions: readonly RepairAction[]): Promise<void> {
    const rows = records.filter(isImportRow).map((record) => ({
      record,
      row: mendRecord(record, actions, this.#workspace.timeZone) as JsonObject,
    }));
    for (const [importId, group] of Map.groupBy(rows, ({ record }) => record.importId)) {
      const judged = await this.#imports.judgeImportRows(
        this.#stores,
        this.#workspace,
        importId,
        group.map(({ row }) => row),
      );
      const refused = new Map<string, string[]>();
      for (const [index, { record, row }] of group.entries()) {
        const { outcome, reason, detail } = judged[index]!;
        if (outcome !== 'quarantined') this.#add(record, row);
        else {
          const text = said('tried_again', { why: [reason, detail].filter(Boolean).join(' ') });
          refused.set(text, [...(refused.get(text) ?? []), record.recordKey]);
        }
      }
      await this.#note(refused);
      if ((this.#waiting.get(importId)?.length ?? 0) >= lotRowsMax) await this.#handOver(importId);
    }
  }

  /** How many rows went back through their imports. */
  async end(): Promise<number> {
    for (const importId of [...this.#waiting.keys()]) await this.#handOver(importId);
    return this.#replayed;
  }

  #add({ recordKey, importId, sourceId, receivedAt, reason }: QuarantinedRecord, row: JsonObject): void {
    const waiting = this.#waiting.get(importId) ?? [];
    waiting.push({ recordKey, importId, sourceId, receivedAt, reason, row });
    this.#waiting.set(importId, waiting);
  }

  async #handOver(importId: number): Promise<void> {
    const rows = this.#waiting.get(importId) ?? [];
    this.#waiting.delete(importId);
    const { rows: taken } = await this.#imports.replayImportRows(this.#stores, this.#workspace, rows);
    this.#replayed += taken;
  }

  async #note(refused: ReadonlyMap<string, readonly string[]>): Promise<void> {
    for (const [detail, keys] of refused) {
      await this.#stores.events.transform(this.#workspace.id, {
        name: 'note-refused-again',
        sql: `insert into @into(quarantine) select * replace ({detail:String} as detail, version + 1 as version)
              from (select * from @quarantine where record_key in {keys:Array(UUID)} and state = 'open' and detail != {detail:String})`,
        parameters: { keys, detail },
      });
    }
  }
}
