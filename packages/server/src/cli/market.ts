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
  if (args[0] === 'run' && !env.ZHIYIN_URL) {
    const config = parseConfig(process.env);
    const run = await findRunFile(config.dataDir);
    if (run) {
      env.ZHIYIN_URL = run.url;
      env.ZHIYIN_WRITE_KEY ??= await findDemoWriteKey(run.addresses.control);
    }
  }
  process.exitCode = await runMarketCommand(args, {
    print: (line) => console.log(line),
    now: Date.now,
    env,
    signal: end.signal,
  });
}

/** The demo shop's key, so that `zhiyin market run --speed 60` moves the demo without further words. */
async function findDemoWriteKey(address: ControlStoreAddress): Promise<string | undefined> {
  const control = openControlStore(address);
  try {
    const [demo] = await control.query<{ write_key: string }>(
      "select write_key from sources where kind = 'demo' and disabled_at is null order by id limit 1",
    );
    return demo?.write_key;
  } finally {
    await control.close();
  }
}
