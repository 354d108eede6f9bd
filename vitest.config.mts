import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.mjs';

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/workerd/**'],
          setupFiles: ['test/support/seeded-properties.ts'],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          include: ['test/worker/workerd/*.test.ts'],
          globalSetup: ['test/worker/workerd/global-setup.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
});
