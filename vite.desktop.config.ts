import { defineConfig, mergeConfig } from 'vite';
import renderer from './vite.renderer.config.ts';

// The same window where the desktop app looks for it (electron/places.ts).
export default mergeConfig(renderer, defineConfig({ build: { outDir: '../.vite/renderer/main_window' } }));
