import { defineConfig } from 'vite';
import { modelFiles } from './scripts/modelFiles.ts';
import { wasmFiles } from './scripts/wasmFiles.ts';

// `npm run build`: the Node hosts as two ES modules with every pure JavaScript dependency inside, so that they run
// from a checkout and from a packaged app alike. What a program needs rarely (the projection tables) stays behind its
// `import()` in a chunk of its own. Chunks lie beside the entries: src/hosts/workerUrl.ts counts on it.
export default defineConfig({
  publicDir: false,
  plugins: [modelFiles(), wasmFiles()],
  ssr: { target: 'node', noExternal: true },
  build: {
    ssr: true,
    target: 'node22',
    // Of every package that is inside.
    license: { fileName: 'licences.txt' },
    outDir: 'dist',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: { cli: 'src/hosts/cli/main.ts', worker: 'src/engine/worker.ts' },
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
});
