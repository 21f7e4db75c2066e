import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,renderer,electron,scripts,tests}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // Where Electron's binary is not installed the package tries to fetch it as soon as it is imported.
    alias: { electron: new URL('./electron/testElectron.ts', import.meta.url).pathname },
    // Many tests start worker threads of their own; two test files at once fill a small machine.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
