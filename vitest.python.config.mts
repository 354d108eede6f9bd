import { defineConfig } from 'vitest/config';

/** Checks that need a Python with safetensors and numpy; `npm test` needs none. */
export default defineConfig({
  test: { include: ['test/format/independent.check.ts'], testTimeout: 600_000 },
});
