import { defineConfig } from 'vite';
import { modelFiles } from './scripts/modelFiles.ts';
import { wasmFiles } from './scripts/wasmFiles.ts';

// The desktop app's main process and its worker threads, as Forge builds them: complete, so that `vite build` alone makes the
// same files. Both entries in one build, so that what they share is there once. `ssr` keeps `import.meta.url` alive in CJS.
export default defineConfig({
  publicDir: false,
  plugins: [modelFiles(), wasmFiles()],
  ssr: { noExternal: true },
  build: {
    ssr: true,
    ssrEmitAssets: true,
    target: 'node24',
    // Of every package that is inside.
    license: { fileName: 'licences.txt' },
    minify: false,
    outDir: '.vite/build',
    emptyOutDir: false,
    lib: {
      entry: { main: 'electron/main.ts', worker: 'src/engine/worker.ts' },
      formats: ['cjs'],
      fileName: () => '[name].cjs',
    },
    rolldownOptions: { external: ['electron'] },
  },
});
