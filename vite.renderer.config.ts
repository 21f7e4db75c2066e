import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The window's files as every host serves them at `/`. Nothing is inlined: data: URLs of fonts are not in the policy.
export default defineConfig({
  root: 'renderer',
  // The same bytes in the desktop app, whose Forge builds with this base.
  base: './',
  publicDir: false,
  plugins: [react()],
  build: {
    target: 'chrome140',
    // Of every package that is inside.
    license: { fileName: 'licences.txt' },
    outDir: '../dist/renderer',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
  },
});
