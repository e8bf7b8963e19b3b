import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SentStatement } from '../../storage/events/statement-hook.ts';
import { findUnbound } from './find-unbound.ts';
import { askedByTests, isReasonOfTests, matches, platformWide } from './platform-wide.ts';
import { loadWorkspaceTables } from './workspace-tables.ts';

/**
 * Runs after all other tests and looks at every statement they sent to a store, platforms that they started included.
 * `npm test` says where those are; without that there is nothing to look at.
 */
const dir = process.env.ZHIYIN_STATEMENT_LOG;
const source = path.resolve(import.meta.dirname, '../..');

describe.skipIf(!dir || !existsSync(dir))('every statement of the test run', () => {
  const sent = dir && existsSync(dir) ? readSent(dir) : [];
  const tables = loadWorkspaceTables();

  it('names the workspace whose rows it touches, or is on the list of those that need not', () => {
    const allowed = [...platformWide, ...askedByTests];
    const faults = sent.flatMap((one) => {
      const unbound = findUnbound(one, tables);
      if (unbound.length === 0 || allowed.some((entry) => matches(one, entry))) return [];
      if (one.store === 'events' && one.scope === 'platform' && isReasonOfTests(one.name)) return [];
      return [
        `${one.store}, ${one.scope} ${one.name}: ${unbound.join(', ')} in ${one.statement.replaceAll(/\s+/g, ' ')}`,
      ];
    });
    expect(faults).toEqual([]);
    console.log(`${sent.length} different statements looked at`);
  });

  it('came from both stores and both doors, so that this test has seen something', () => {
    const doors = new Set(sent.map(({ store, scope }) => `${store} ${scope}`));
    expect(doors).toEqual(new Set(['events workspace', 'events platform', 'control workspace', 'control platform']));
  });
});

it('has no way to a store besides those that are listened to', () => {
  /** Connections that carry no question about a workspace's rows, and why. */
  const known = [
    'clean/cleaner-locks.ts', // advisory locks, held by a connection of their own
    'jobs/', // pg-boss has tables of its own and a workspace in each job
    'storage/backup/', // copies whole databases
    'storage/control/', // the listened-to door itself, migrations, start
    'storage/events/', // the same
  ];
  const files = listProductFiles();
  const connecting = files.filter((file) =>
    /from '(pg|pg-boss|@clickhouse\/client)'/.test(readFileSync(path.join(source, file), 'utf8')),
  );
  expect(connecting.filter((file) => !known.some((place) => file.startsWith(place)))).toEqual([]);
  expect(connecting.length).toBeGreaterThan(3);
});

it('is told by tests alone that a test asks', () => {
  const saying = listProductFiles().filter((file) => {
    const text = readFileSync(path.join(source, file), 'utf8');
    return text.includes('maintain') && /['"`]test(?:: |['"`])/.test(text);
  });
  expect(saying).toEqual([]);
});

function listProductFiles(): string[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(test|bench|contract|audit)\.ts$|testing|platform-tests/.test(file),
  );
}

/** Names of test databases are taken out, so that the same statement of two tests is one. */
function readSent(from: string): SentStatement[] {
  const lines = readdirSync(from)
    .filter((file) => file.endsWith('.ndjson'))
    .flatMap((file) => readFileSync(path.join(from, file), 'utf8').split('\n'))
    .filter((line) => line.endsWith('}'))
    .map((line) => line.replaceAll(/zhiyin_test_\d+_\d+|trust_test/g, 'zhiyin').replaceAll(/import_\d+/g, 'import_1'));
  return [...new Set(lines)].map((line) => JSON.parse(line) as SentStatement);
}
