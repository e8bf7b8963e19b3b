import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `vite` and `vite preview` pass the API's calls to. */
const target = process.env.ZHIYIN_CONSOLE_API ?? 'http://127.0.0.1:7700';
const proxy = { '/api': { target }, '/v1': { target } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { proxy },
  preview: { proxy },
  build: {
    outDir: 'dist',
    target: 'es2023',
    chunkSizeWarningLimit: 1_200,
    rolldownOptions: {
      output: {
        // Charts and the component library change seldom and are large: files of their own stay cached across releases.
        advancedChunks: {
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
