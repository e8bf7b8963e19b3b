import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import asc from 'assemblyscript/asc';

/**
 * assembly/ → dist/kernels-plain.wasm and dist/kernels-relaxed.wasm. The second multiplies and adds in one instruction and runs where
 * the engine has relaxed SIMD. One file is written at a time and then renamed: who reads meanwhile sees a whole one.
 */
const folder = import.meta.dirname;
mkdirSync(path.join(folder, 'dist'), { recursive: true });
for (const variant of ['plain', 'relaxed']) {
  const file = path.join(folder, 'dist', `kernels-${variant}.wasm`);
  const draft = `${file}.${process.pid}`;
  const { error, stderr } = await asc.main([
    path.relative(process.cwd(), path.join(folder, 'assembly/index.ts')),
    ...['--outFile', path.relative(process.cwd(), draft)],
    ...['--runtime', 'stub', '--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
    // Kernels keep their state at fixed addresses below 8 KiB; see src/wasm/memory-map.ts.
    ...['--memoryBase', '8192', '--optimizeLevel', '3', '--noAssert', '--use', 'abort='],
    ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
    ...(variant === 'relaxed' ? ['--enable', 'relaxed-simd'] : []),
    // Vectors are passed between functions, none of which is called from outside.
    ...['--disableWarning', '112'],
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
  renameSync(draft, file);
}
