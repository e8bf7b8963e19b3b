import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { StatementHook } from './events/statement-hook.ts';

/** Statements made with ever new text would fill the set; from then on they are written each time. */
const rememberedMax = 20_000;

/**
 * Writes each different statement once to `<dir>/<pid>.ndjson`, without its values. At once and not buffered: a process that is
 * killed has told what it sent.
 */
export function logStatements(dir: string): StatementHook {
  mkdirSync(dir, { recursive: true });
  const file = path.join(dir, `${process.pid}.ndjson`);
  const written = new Set<string>();
  return (sent) => {
    const line = JSON.stringify(sent);
    if (written.has(line)) return;
    if (written.size < rememberedMax) written.add(line);
    appendFileSync(file, `${line}\n`);
  };
}
