import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** The server that `vite` and `vite preview` pass the API's calls to. */
const target = process.env.ZHIYIN_CONSOLE_API ?? 'http://127.0.0.1:7700';
const proxy = { '/api': { target }, '/v1': { target } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), packed()],
  server: { proxy },
  preview: { proxy },
  build: {
    outDir: 'dist',
    target: 'es2023',
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      output: {
        // Charts and the component library change seldom and are large: files of their own stay cached across releases.
        codeSplitting: {
          groups: [
            { name: 'echarts', test: /node_modules[\\/](echarts|zrender)[\\/]/ },
            {
              name: 'react',
              test: /node_modules[\\/](react|react-dom|scheduler|@tanstack|i18next|react-i18next|zod)[\\/]/,
            },
            { name: 'antd', test: /node_modules[\\/](antd|@ant-design|@rc-component|dayjs)[\\/]/ },
          ],
        },
      },
    },
  },
});

/** Lays a packed copy beside each file, so that the server can send a third of the bytes without packing each time. */
function packed(): Plugin {
  let directory = '';
  return {
    name: 'zhiyin-packed',
    apply: 'build',
    configResolved(config) {
      directory = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = await readdir(directory, { recursive: true });
      const texts = files.filter((file) => /\.(js|css|html|svg)$/.test(file));
      for (const file of texts) {
        const bytes = await readFile(path.join(directory, file));
        if (bytes.length > 1_024)
          await writeFile(path.join(directory, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }));
      }
    },
  };
}
