import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Packages of fonts: they come in through style sheets, of which Vite lists no licences. */
const fonts = ['@fontsource-variable/inter', '@fontsource-variable/jetbrains-mono'];

const fontLicences: Plugin = {
  name: 'font-licences',
  apply: 'build',
  writeBundle({ dir = '' }) {
    for (const name of fonts) {
      const text = readFileSync(join(import.meta.dirname, 'node_modules', name, 'LICENSE'), 'utf8');
      appendFileSync(join(dir, 'licences.txt'), `\n## ${name} (OFL-1.1)\n\n${text}`);
    }
  },
};

// The window's files as every host serves them at `/`. Nothing is inlined: data: URLs of fonts are not in the policy.
export default defineConfig({
  root: 'renderer',
  // The same bytes in the desktop app, whose Forge builds with this base.
  base: './',
  publicDir: false,
  plugins: [react(), fontLicences],
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
