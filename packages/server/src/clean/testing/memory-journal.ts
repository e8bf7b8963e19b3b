import { crc32 } from 'node:zlib';
import type { JournalPosition, JournalReader, JournalRecord } from '../../collect/journal/journal.ts';
import { asImportId, type SourceId, type WorkspaceId } from '../../domain/ids.ts';

/** A journal in memory: one segment, offsets are record numbers. */
export class MemoryJournal implements JournalReader {
  readonly id: string;
  readonly records: JournalRecord[] = [];

  constructor(id: string) {
    this.id = id;
  }

  append(record: JournalRecord): JournalPosition {
    this.records.push(record);
    return { segment: 1, offset: this.records.length };
  }

  async read(
    from: JournalPosition,
    limits: { bytesMax: number; recordsMax: number; until?: JournalPosition },
  ): Promise<{ records: JournalRecord[]; next: JournalPosition; crc: number }> {
    const records: JournalRecord[] = [];
    let events = 0;
    for (let i = from.offset; i < (limits.until?.offset ?? this.records.length); i += 1) {
      const record = this.records[i]!;
      if (!limits.until && records.length > 0 && events + record.count > limits.recordsMax) break;
      events += record.count;
      records.push(record);
    }
    const crc = records.reduce((sum, record) => crc32(record.body, sum), 0);
    return { records, next: { segment: 1, offset: from.offset + records.length }, crc };
  }

  async countBefore(position: JournalPosition): Promise<number> {
    return this.records.slice(0, position.offset).reduce((sum, record) => sum + record.count, 0);
  }

  recordsTotal(): Promise<number> {
    return this.countBefore({ segment: 1, offset: this.records.length });
  }

  async oldestAt(from: JournalPosition): Promise<Date | null> {
    return this.records[from.offset]?.receivedAt ?? null;
  }

  async start(): Promise<JournalPosition> {
    return { segment: 1, offset: 0 };
  }

  async forget(): Promise<void> {}
}

/** A batch as the collect endpoint would have written it. */
export function callsRecord(
  source: { workspaceId: WorkspaceId; sourceId: SourceId },
  calls: readonly unknown[],
  receivedAt = new Date(),
): JournalRecord {
  return {
    kind: 'calls',
    ...source,
    importId: asImportId(0),
    receivedAt,
    route: 'batch',
    ip: '203.0.113.7',
    userAgent: 'analytics-node/3.1.0',
    count: calls.length,
    body: Buffer.from(JSON.stringify({ batch: calls })),
  };
}
