import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/closing-line.mjs';

/** Where relaxed SIMD is behind a flag, its compiler that is known to be wrong is left out. */
const RELAXED_SIMD = process.version.startsWith('v20.') ? ['--experimental-wasm-relaxed-simd', '--no-liftoff'] : [];

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLine()],
    // All cores: much of the time goes to processes that tests start and wait for.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/workerd/**', 'test/runtime/kernels/kernels.test.ts'],
          setupFiles: ['test/support/seeded-properties.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'relaxed-simd',
          include: ['test/runtime/kernels/kernels.test.ts'],
          execArgv: RELAXED_SIMD,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: './wrangler.toml' } })],
        test: {
          name: 'workerd',
          include: ['test/worker/workerd/*.test.ts'],
          globalSetup: ['test/worker/workerd/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
