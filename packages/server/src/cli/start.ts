import process from 'node:process';
import { parseConfig } from '../config.ts';
import { createLogger } from '../logger.ts';
import { startPlatform } from '../main.ts';
import { parseArguments } from './arguments.ts';
import { loadDemo } from './load-demo.ts';

const forceAfterMs = 10_000;

/** `zhiyin start`: brings the platform up, loads the demo brand into an empty one, says where to sign in, and stops cleanly. */
export async function runStart(args: readonly string[]): Promise<void> {
  const { values } = parseArguments(args, { empty: { type: 'boolean' } }, 'zhiyin start [--empty]');
  const startedAt = performance.now();
  const config = parseConfig(process.env);
  // A terminal shows what a person needs; the log goes to whoever collects stderr.
  const isTerminal = process.stderr.isTTY === true && process.env.ZHIYIN_LOG_LEVEL === undefined;
  const logger = createLogger(isTerminal ? 'warn' : config.logLevel, 'platform');
  const platform = await startPlatform(config, logger);

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    if (isTerminal) console.error('Stopping …');
    logger.info({ signal }, 'stopping: answering what is open, then closing the stores');
    setTimeout(() => process.exit(1), forceAfterMs).unref();
    await platform.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('SIGHUP', stop);

  const readySeconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (!values.empty) await loadDemo(platform, { now: new Date(), seed: 11 });
  const address = config.http.publicUrl ?? platform.url;
  console.log(`\nZhiyin 知音 is ready (${readySeconds} s): ${address}`);
  console.log(
    platform.setupToken
      ? `Make the owner account:  ${address}/setup?token=${platform.setupToken}`
      : 'Sign in with your account. Ctrl-C stops.',
  );
}
