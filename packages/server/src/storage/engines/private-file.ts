import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivateFile(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.new`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeSync(descriptor, text);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, file);
}

/** What an engine must find again after a restart: its port and its passwords. */
export function loadOrCreateFacts<Facts extends Record<string, string | number>>(
  file: string,
  create: () => Facts,
): Facts {
  if (existsSync(file)) return { ...create(), ...(JSON.parse(readFileSync(file, 'utf8')) as Partial<Facts>) };
  const facts = create();
  writePrivateFile(file, `${JSON.stringify(facts, null, 2)}\n`);
  return facts;
}

export const newSecret = (): string => randomBytes(24).toString('hex');
