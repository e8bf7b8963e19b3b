import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

export type Variant = 'relaxed' | 'plain';

const packageFolder = path.resolve(import.meta.dirname, '../..');
const modules = new Map<Variant, WebAssembly.Module>();

/** The best variant this engine can run: relaxed SIMD multiplies and adds in one instruction. */
export function bestVariant(): Variant {
  return WebAssembly.validate(readVariant('relaxed')) ? 'relaxed' : 'plain';
}

/** Compiled once per process. */
export function loadModule(variant: Variant): WebAssembly.Module {
  const known = modules.get(variant);
  if (known) return known;
  const module = new WebAssembly.Module(readVariant(variant));
  modules.set(variant, module);
  return module;
}

function readVariant(variant: Variant): Uint8Array<ArrayBuffer> {
  const file = path.join(packageFolder, 'dist', `kernels-${variant}.wasm`);
  if (!isBuilt(file)) buildModules(file);
  return Uint8Array.from(readFileSync(file));
}

function isBuilt(file: string): boolean {
  if (!existsSync(file)) return false;
  const builtAt = statSync(file).mtimeMs;
  const sources = path.join(packageFolder, 'assembly');
  if (!existsSync(sources)) return true;
  return readdirSync(sources).every((name) => statSync(path.join(sources, name)).mtimeMs <= builtAt);
}

/** `npm start`, `npm test` and `npm run bench` build beforehand; who runs a single test on a fresh clone has it built here. */
function buildModules(file: string): void {
  const build = spawnSync(process.execPath, [path.join(packageFolder, 'build.mjs')], { encoding: 'utf8' });
  if (build.status === 0 || existsSync(file)) return;
  throw new Error(`kernels: ${file} is missing and could not be built; run npm run build\n${build.stderr ?? ''}`);
}
