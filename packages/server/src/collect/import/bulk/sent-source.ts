import { randomUUID } from 'node:crypto';
import type { ImportFile } from '../import-plan.ts';

/** What has to be known to send a file to an engine that cannot open it. */
export type SentSource = {
  readonly database: string;
  readonly path: string;
  readonly compression: ImportFile['compression'];
  readonly delimiter: string;
  readonly engineFormat: 'CSV' | 'LineAsString' | 'Parquet';
  /** Columns and types, as `input` wants them. */
  readonly structure: string;
  /** How the format is read. */
  readonly settings: string;
  /** Rows that are asked for; undefined: all. */
  readonly limit?: number;
};

/** A word that nobody can write into a file's header: what stands behind it names a file to be read. */
const word = `sent_${randomUUID().replaceAll('-', '')}`;
const pattern = new RegExp(`${word}\\('([A-Za-z0-9_-]*)'\\)`);

/** A source that stands for the file's rows until `openBulkEngine` puts the one in place that fits the statement. */
export function sentSource(source: SentSource): string {
  return `${word}('${Buffer.from(JSON.stringify(source), 'utf8').toString('base64url')}')`;
}

export function findSentSource(sql: string): SentSource | undefined {
  const found = pattern.exec(sql)?.[1];
  return found === undefined ? undefined : (JSON.parse(Buffer.from(found, 'base64url').toString('utf8')) as SentSource);
}

export function replaceSentSource(sql: string, by: string): string {
  return sql.replace(pattern, () => by);
}
