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
          testTimeout: 60_000,
        },
      },
    ],
  },
});
