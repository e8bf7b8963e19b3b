import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { formatSpendCsv } from './batches.ts';
import { dayOf, formatDay } from './calendar.ts';
import { createMarket, defaultMarketOptions, type Market } from './create-market.ts';
import { runLive } from './run-live.ts';
import { writeTruth } from './write-truth.ts';

export type CommandOutside = {
  readonly print: (line: string) => void;
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
};

const usage = `zhiyin market generate --out DIR [--people 20000] [--days 365] [--items 432] [--seed N] [--end-day YYYY-MM-DD] [--truth FILE]
zhiyin market run --speed N [--url URL] [--write-key KEY] [--catalogue-key KEY] [--people …] [--days …] [--seed N] [--end-day …]
  ZHIYIN_URL and ZHIYIN_WRITE_KEY stand in for --url and --write-key.`;

/** `zhiyin market …`. @returns the exit code; problems of the input are printed with what to do. */
export async function runMarketCommand(args: readonly string[], outside: CommandOutside): Promise<number> {
  try {
    const [action, ...rest] = args;
    if (action === 'generate') return await generate(rest, outside);
    if (action === 'run') return await live(rest, outside);
    outside.print(usage);
    return action === undefined || action === 'help' || action === '--help' ? 0 : 2;
  } catch (error) {
    if (error instanceof RangeError || (error instanceof TypeError && 'code' in error)) {
      outside.print(`${error.message}\n${usage}`);
      return 2;
    }
    throw error;
  }
}

const text = { type: 'string' } as const;
const marketFlags = {
  people: text,
  days: text,
  items: text,
  seed: text,
  'end-day': text,
  'english-share': text,
} as const;

function parseMarket(values: { readonly [name: string]: string | undefined }, now: number): Market {
  const number = (name: string, fallback: number): number => {
    const given = values[name];
    if (given === undefined) return fallback;
    const value = Number(given);
    if (given.trim() === '' || Number.isNaN(value))
      throw new RangeError(`--${name} must be a number, got ${JSON.stringify(given)}`);
    return value;
  };
  const endDay = values['end-day'] ?? formatDay(dayOf(now));
  const isToday = endDay === formatDay(dayOf(now));
  return createMarket({
    seed: number('seed', defaultMarketOptions.seed),
    people: number('people', defaultMarketOptions.people),
    days: number('days', defaultMarketOptions.days),
    items: number('items', defaultMarketOptions.items),
    englishShare: number('english-share', defaultMarketOptions.englishShare),
    endDay,
    ...(isToday ? { endAt: new Date(now).toISOString() } : {}),
  });
}

async function generate(args: readonly string[], { print, now, signal }: CommandOutside): Promise<number> {
  const { values } = parseArgs({ args: [...args], options: { ...marketFlags, out: text, truth: text } });
  if (!values.out) throw new RangeError('--out DIR is missing: say where the files go');
  const market = parseMarket(values, now());
  await mkdir(values.out, { recursive: true });
  const events = createWriteStream(join(values.out, 'events.ndjson'));
  const reviews = createWriteStream(join(values.out, 'reviews.ndjson'));
  const counts = { events: 0, reviews: 0 };
  for (const day of market.days()) {
    signal.throwIfAborted();
    counts.events += day.calls.length;
    counts.reviews += day.reviews.length;
    await writeLines(events, day.calls);
    await writeLines(reviews, day.reviews);
  }
  events.end();
  reviews.end();
  await Promise.all([finished(events), finished(reviews)]);
  await writeFile(
    join(values.out, 'catalogue.ndjson'),
    market
      .catalogue()
      .map((item) => `${JSON.stringify(item)}\n`)
      .join(''),
  );
  await writeFile(join(values.out, 'spend.csv'), formatSpendCsv(market.adSpend()));
  if (values.truth) await writeTruth(market, values.truth);
  print(`${counts.events} events, ${counts.reviews} reviews, ${market.options.items} items written to ${values.out}`);
  return 0;
}

async function writeLines(file: WriteStream, records: readonly object[]): Promise<void> {
  if (records.length === 0) return;
  if (!file.write(`${records.map((record) => JSON.stringify(record)).join('\n')}\n`)) await once(file, 'drain');
}

async function live(args: readonly string[], { print, now, env, signal }: CommandOutside): Promise<number> {
  const options = { ...marketFlags, speed: text, url: text, 'write-key': text, 'catalogue-key': text };
  const { values } = parseArgs({ args: [...args], options });
  const url = values.url ?? env.ZHIYIN_URL ?? 'http://127.0.0.1:7700';
  const writeKey = values['write-key'] ?? env.ZHIYIN_WRITE_KEY;
  if (!writeKey) throw new RangeError('--write-key KEY is missing: take one from Settings, Sources in the console');
  const speed = Number(values.speed ?? 1);
  const market = parseMarket(values, now());
  print(`The market lives on at ${speed} times real time, sending to ${url}. Stop with Ctrl+C.`);
  await runLive({
    market,
    url,
    writeKey,
    catalogueKey: values['catalogue-key'],
    speed,
    signal,
    now,
    onSent: ({ calls, reviews, marketAt }) => print(`${marketAt.toISOString()} ${calls} events, ${reviews} reviews`),
  });
  return 0;
}
