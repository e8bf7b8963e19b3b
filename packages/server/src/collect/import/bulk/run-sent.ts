import { randomUUID } from 'node:crypto';
import type { EventNode, Question } from '../../../storage/events/event-store.ts';
import { openSentBytes } from './open-sent-bytes.ts';
import { replaceSentSource, type SentSource } from './sent-source.ts';
import { literal } from './sql-text.ts';
import { stagingReason } from './staging.ts';

type Statement = {
  readonly sql: string;
  readonly reason: string;
  readonly mark: string;
  readonly parameters: Question['parameters'];
};

/**
 * Runs a statement over a file that the engine cannot open. An INSERT reads the bytes that come behind it. A question cannot do
 * that: the rows it asks about are put into the engine's memory first, and are gone from there with the answer.
 */
export async function runSent<Row>(node: EventNode, source: SentSource, statement: Statement): Promise<Row[]> {
  if (/^\s*INSERT\b/i.test(statement.sql)) {
    await node.maintain(
      `${replaceSentSource(statement.sql, inputOf(source))} /* ${statement.mark} */ FORMAT ${source.engineFormat}`,
      statement.reason,
      statement.parameters,
      await openSentBytes(source),
    );
    return [];
  }
  const table = `${source.database}.import_asked_${randomUUID().replaceAll('-', '')}`;
  await node.maintain(`CREATE TABLE ${table} (${source.structure}) ENGINE = Memory`, stagingReason);
  try {
    await node.maintain(
      `INSERT INTO ${table} SELECT * FROM ${inputOf(source)}${source.limit !== undefined && source.engineFormat === 'Parquet' ? ` LIMIT ${source.limit}` : ''}
       SETTINGS ${source.settings}, max_threads = 1, max_insert_threads = 1, input_format_parallel_parsing = 0 /* ${statement.mark} */ FORMAT ${source.engineFormat}`,
      statement.reason,
      {},
      await openSentBytes(source),
    );
    return await node.maintain<Row>(
      `${replaceSentSource(statement.sql, table)} /* ${statement.mark} */`,
      statement.reason,
      statement.parameters,
    );
  } finally {
    await node.maintain(`DROP TABLE IF EXISTS ${table} SYNC`, stagingReason);
  }
}

const inputOf = (source: SentSource): string => `input(${literal(source.structure)})`;
