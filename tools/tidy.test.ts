import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** Reads the source tree: import arrows, dead files, names we do not use, size of files. */
const root = path.dirname(path.dirname(new URL(import.meta.url).pathname));
const server = path.join(root, 'packages/server/src');

/** Stages in the order in which data flows; each may use those before it, never one after it. */
const stages = [
  'collect',
  'clean',
  'profile',
  'recommend',
  'listen',
  'create',
  'engage',
  'promote',
  'forecast',
  'measure',
];
/** May be used by every stage. */
const foundations = ['domain', 'storage', 'trust', 'llm'];
/** May use everything. */
const composers = ['http', 'jobs', 'steer', 'cli'];

const isTest = (file: string) =>
  /\.(test|contract|bench|fixture)\.tsx?$/.test(file) || /\/(testing|dev|platform-tests)(\.ts$|\/)/.test(file);
const packageSources = readdirSync(path.join(root, 'packages')).flatMap((name) =>
  sourcesUnder(path.join(root, 'packages', name, 'src')),
);
const productSources = packageSources.filter((file) => !isTest(file));

describe('the source tree', () => {
  it('lets imports in the server point only from later stages to earlier ones', () => {
    const wrong = sourcesUnder(server)
      .filter((file) => !isTest(file))
      .flatMap((file) => {
        const from = path.relative(server, file).split(path.sep);
        return importsOf(file)
          .filter((target) => target.startsWith(server))
          .map((target) => path.relative(server, target).split(path.sep))
          .filter((to) => !mayImport(from, to))
          .map((to) => `${from.join('/')} → ${to.join('/')}`);
      });
    expect(wrong).toEqual([]);
  });

  it('keeps packages apart: contract and tracker use no other package, nothing uses the console', () => {
    const wrong = packageSources.flatMap((file) => {
      const from = path.relative(path.join(root, 'packages'), file).split(path.sep)[0] ?? '';
      return packagesUsedBy(file)
        .filter((to) => to !== from && !(allowedPackages[from] ?? []).includes(to))
        .map((to) => `${path.relative(root, file)} → @zhiyin/${to}`);
    });
    expect(wrong).toEqual([]);
  });

  it('has no file that nothing uses', () => {
    const entries = new Set(
      [
        'packages/server/src/main.ts',
        'packages/server/src/worker.ts',
        'packages/server/src/cli/zhiyin.ts',
        'packages/console/src/main.tsx',
        'packages/tracker/src/index.ts',
        'packages/market/src/index.ts',
        'packages/contract/src/index.ts',
      ].map((file) => path.join(root, file)),
    );
    const used = new Set(packageSources.flatMap(importsOf));
    const dead = productSources
      .filter(
        (file) =>
          !entries.has(file) && !used.has(file) && !/\.d\.ts$/.test(file) && !/-(host|process|child)\.ts$/.test(file),
      )
      .filter((file) => !mentioned(path.basename(file)));
    expect(dead.map((file) => path.relative(root, file))).toEqual([]);
  });

  it('has no folder or file called shared, common, utils, helpers or misc', () => {
    const wrong = packageSources.filter((file) =>
      /\/(shared|common|utils?|helpers?|misc)(\/|\.tsx?$)/.test(file.slice(root.length)),
    );
    expect(wrong.map((file) => path.relative(root, file))).toEqual([]);
  });

  it('exports by name only', () => {
    const wrong = productSources.filter((file) => /^export default /m.test(readFileSync(file, 'utf8')));
    expect(wrong.map((file) => path.relative(root, file))).toEqual([]);
  });

  it('keeps files short enough to be one idea', () => {
    const long = productSources
      .map((file) => ({ file: path.relative(root, file), lines: readFileSync(file, 'utf8').split('\n').length }))
      .filter(({ lines }) => lines > 420);
    expect(long).toEqual([]);
  });

  it('leaves nothing unfinished in the product', () => {
    const wrong = productSources.filter((file) =>
      /\b(TODO|FIXME|XXX|not implemented)\b/.test(readFileSync(file, 'utf8')),
    );
    expect(wrong.map((file) => path.relative(root, file))).toEqual([]);
  });
});

const allowedPackages: Record<string, readonly string[]> = {
  contract: [],
  kernels: [],
  learn: ['kernels'],
  market: ['contract'],
  tracker: [],
  server: ['contract', 'kernels', 'learn', 'market'],
  console: ['contract'],
};

function mayImport(from: readonly string[], to: readonly string[]): boolean {
  const [fromTop = '', toTop = ''] = [from[0], to[0]];
  if (from.length === 1 || fromTop === toTop) return true; // main.ts, worker.ts and their kin; inside one folder
  if (toTop === 'config.ts') return true;
  if (fromTop === 'domain') return false;
  if (fromTop === 'storage') return toTop === 'domain';
  if (fromTop === 'trust') return ['domain', 'storage'].includes(toTop);
  if (composers.includes(fromTop)) return to.length > 1 || fromTop === 'cli';
  if (foundations.includes(toTop)) return true;
  return stages.includes(toTop) && stages.indexOf(toTop) < stages.indexOf(fromTop);
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const specifiers = [...source.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) => match[1] ?? '');
  return specifiers.map((specifier) => resolveSource(path.resolve(path.dirname(file), specifier)));
}

/** The console's bundler lets extensions be left out. */
function resolveSource(target: string): string {
  return (
    [target, `${target}.ts`, `${target}.tsx`, path.join(target, 'index.ts')].find(
      (file) => existsSync(file) && statSync(file).isFile(),
    ) ?? target
  );
}

function packagesUsedBy(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/from '@zhiyin\/([a-z]+)/g)].map((match) => match[1] ?? '');
}

/** Started by name rather than imported: child processes, workers, scripts of a package. */
function mentioned(name: string): boolean {
  return [
    ...packageSources,
    ...sourcesUnder(path.join(root, 'tools')),
    ...sourcesUnder(path.join(root, 'packages/tracker')),
  ].some((file) => path.basename(file) !== name && readFileSync(file, 'utf8').includes(name));
}

function sourcesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name);
    if (name === 'node_modules' || name === 'dist') return [];
    if (statSync(file).isDirectory()) return sourcesUnder(file);
    return /\.(ts|tsx|mjs|cjs)$/.test(name) ? [file] : [];
  });
}
