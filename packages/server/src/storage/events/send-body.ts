import { Readable } from 'node:stream';
import type { ClickHouseClient, ClickHouseSettings } from '@clickhouse/client';
import { AppError } from '../../domain/app-error.ts';

/** Of the statement alone; what it reads has no limit. */
const statementBytesMax = String(4 * 1024 * 1024);

/**
 * Sends an INSERT and, behind it, the bytes it reads. Only its first word goes into the address: a statement over hundreds of
 * columns is longer than what servers and proxies take there.
 */
export async function sendBody(
  client: ClickHouseClient,
  sent: {
    readonly statement: string;
    readonly parameters: Record<string, unknown>;
    readonly body: Readable;
    readonly settings: ClickHouseSettings;
  },
): Promise<void> {
  const [, verb = '', rest = ''] = /^\s*(\w+)(.*)$/s.exec(sent.statement) ?? [];
  const source: { fault?: unknown } = {};
  const values = Readable.from(behind(`${rest}\n`, sent.body, source), { objectMode: false });
  try {
    const { stream } = await client.exec({
      query: verb,
      values,
      query_params: sent.parameters,
      clickhouse_settings: { ...sent.settings, wait_end_of_query: 1, max_query_size: statementBytesMax },
    });
    // There is nothing in it, but the connection is free again only when it was read.
    for await (const _ of stream);
  } catch (cause) {
    if (source.fault === undefined) throw cause;
    throw new AppError('input.invalid', 'the file cannot be read to its end: it is damaged or gone', {
      cause: source.fault,
      details: { field: 'file', fix: 'Pack the file again and send it whole.' },
    });
  } finally {
    values.destroy();
    sent.body.destroy();
  }
}

async function* behind(statement: string, body: Readable, source: { fault?: unknown }): AsyncGenerator<Buffer> {
  yield Buffer.from(statement, 'utf8');
  try {
    for await (const piece of body) yield piece as Buffer;
  } catch (cause) {
    source.fault = cause;
    throw cause;
  }
}
