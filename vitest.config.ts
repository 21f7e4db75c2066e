import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,renderer,electron,scripts,tests}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // Many tests start worker threads of their own; two test files at once fill a small machine.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
