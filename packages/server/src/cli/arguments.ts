import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { AppError } from '../domain/app-error.ts';

/** Command line arguments, strict: a word nobody knows is an error that says what is known. */
export function parseArguments<Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw new AppError('input.invalid', `${(cause as Error).message}\n\nUsage: ${usage}`, { cause });
  }
}

/** A whole number option. */
export function wholeNumber(name: string, text: string | undefined, byDefault: number, least = 1): number {
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new AppError('input.invalid', `--${name}: must be a whole number from ${least}, got ${text}`, {
    details: { field: `--${name}` },
  });
}

/** `--time-budget SECONDS`: above 0. */
export function timeBudgetSeconds(text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new AppError('input.invalid', `--time-budget: must be seconds above 0, got ${text}`, {
    details: { field: '--time-budget', fix: 'Give seconds, such as --time-budget 300.' },
  });
}
