import type { EventStore } from '../../storage/events/event-store.ts';

/** Lines of JSON → Parquet, by the engine. Both files lie where it may read and write. */
export async function writeParquet(events: Pick<EventStore, 'maintain'>, from: string, to: string): Promise<void> {
  await events.maintain(
    `INSERT INTO FUNCTION file('${to}', 'Parquet') SELECT * FROM file('${from}', 'JSONEachRow') SETTINGS schema_inference_make_columns_nullable = 1`,
    'export: rows of one workspace as Parquet',
  );
}
