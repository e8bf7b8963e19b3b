import process from 'node:process';
import { runMarketCommand } from '@zhiyin/market';
import { parseConfig } from '../config.ts';
import { findRunFile } from '../run-file.ts';
import { type ControlStoreAddress, openControlStore } from '../storage/control/index.ts';

/** `zhiyin market generate|run`: the synthetic market. `run` finds the platform of this data directory by itself. */
export async function runMarket(args: readonly string[]): Promise<void> {
  const end = new AbortController();
  process.once('SIGINT', () => end.abort());
  process.once('SIGTERM', () => end.abort());
  const env = { ...process.env };
  const words = [...args];
  if (args[0] === 'run' && !env.ZHIYIN_URL) {
    const config = parseConfig(process.env);
    const run = await findRunFile(config.dataDir);
    if (run) {
      const demo = await findDemo(run.addresses.control);
      env.ZHIYIN_URL = run.url;
      env.ZHIYIN_WRITE_KEY ??= demo?.writeKey;
      // The same people go on, unless the command names others.
      if (demo && !args.includes('--seed')) words.push('--seed', String(demo.seed), '--end-day', demo.endDay);
    }
  }
  process.exitCode = await runMarketCommand(words, {
    print: (line) => console.log(line),
    now: Date.now,
    env,
    signal: end.signal,
  });
}

/** The demo as it was loaded, so that `zhiyin market run --speed 60` moves it without further words. */
async function findDemo(
  address: ControlStoreAddress,
): Promise<{ writeKey: string; seed: number; endDay: string } | undefined> {
  const control = openControlStore(address);
  try {
    const [demo] = await control.query<{ value: { writeKey: string; seed: number; endDay: string } }>(
      "select value from platform_facts where name = 'demo'",
    );
    return demo?.value;
  } finally {
    await control.close();
  }
}
