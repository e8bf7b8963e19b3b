import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { Market } from './create-market.ts';

/** Writes the truth as NDJSON, one `{ kind, … }` a line, to a file that stays outside the platform's stores. Reviews cost a run of the market. */
export async function writeTruth(market: Market, path: string): Promise<void> {
  const file = createWriteStream(path);
  const write = async (kind: string, value: object) => {
    if (!file.write(`${JSON.stringify({ kind, ...value })}\n`)) await once(file, 'drain');
  };
  const truth = market.truth();
  for (const media of truth.media) await write('media', media);
  for (const item of truth.items) await write('item', item);
  for (const person of truth.people) await write('person', person);
  for (const day of market.days()) {
    for (const review of day.truth.reviews) await write('review', review);
    await write('dirt', { day: day.day, ...day.truth.dirt });
  }
  file.end();
  await finished(file);
}
