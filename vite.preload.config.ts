import { defineConfig } from 'vite';

// The preload: one CJS file, as the sandbox wants it.
export default defineConfig({
  publicDir: false,
  build: {
    ssr: true,
    target: 'node24',
    minify: false,
    outDir: '.vite/build',
    emptyOutDir: false,
    rolldownOptions: {
      input: { preload: 'electron/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', codeSplitting: false, entryFileNames: '[name].cjs' },
    },
  },
});
