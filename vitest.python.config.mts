import { defineConfig } from 'vitest/config';

/** Checks that need a Python with safetensors, numpy and tensorboard; `npm test` needs none. */
export default defineConfig({
  test: { include: ['test/**/*.check.ts'], testTimeout: 600_000 },
});
