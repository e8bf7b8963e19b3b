import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

/** Builds dist/tracker.js (for a script tag) and dist/tracker.mjs (for bundlers), and fails when the SDK has grown too large. */
const gzipBytesMax = 5_000;
const root = path.dirname(fileURLToPath(import.meta.url));
const outputs = [
  { entry: 'src/browser.ts', format: 'iife', fileName: 'tracker.js' },
  { entry: 'src/index.ts', format: 'es', fileName: 'tracker.mjs' },
];

for (const [index, { entry, format, fileName }] of outputs.entries()) {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    build: {
      target: 'es2019',
      outDir: 'dist',
      emptyOutDir: index === 0,
      minify: true,
      lib: { entry, formats: [format], name: 'zhiyinTracker', fileName: () => fileName },
    },
  });
}

let tooLarge = false;
for (const { fileName } of outputs) {
  const bytes = readFileSync(path.join(root, 'dist', fileName));
  const gzipped = gzipSync(bytes, { level: 9 }).length;
  console.log(`tracker: ${fileName} ${bytes.length} bytes, ${gzipped} gzipped (at most ${gzipBytesMax})`);
  tooLarge ||= gzipped > gzipBytesMax;
}
if (tooLarge) {
  console.error(`tracker: larger than ${gzipBytesMax} bytes gzipped; pages would pay for it. Make it smaller.`);
  process.exit(1);
}
