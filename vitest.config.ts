import { defineConfig } from 'vitest/config';

/**
 * `unit` needs nothing but Node; `db` starts real stores, servers and browsers and runs one file at a time; `audit` comes last
 * and looks at every statement that the others sent to a store.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'packages/*/src/**/*.test.tsx', 'tools/**/*.test.ts'],
          exclude: ['**/*.db.test.ts', '**/*.browser.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['packages/*/src/**/*.db.test.ts', 'packages/*/src/**/*.browser.test.ts', 'tools/**/*.db.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Real browsers and engines on a busy machine may be slow once; what is broken is broken twice. The report says so.
          retry: process.env.CI ? 1 : 0,
          fileParallelism: false,
          pool: 'forks',
          // Said outright: files that run one at a time would otherwise come after every group, the audit included.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'audit',
          include: ['packages/*/src/**/*.audit.ts'],
          exclude: ['**/node_modules/**'],
          // After all others: it looks at what they did.
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
