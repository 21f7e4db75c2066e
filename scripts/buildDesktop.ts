import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

// `node scripts/buildDesktop.ts`: the desktop app's bundle in .vite, as Forge makes it.

const root = join(import.meta.dirname, '..');
// Old chunks have other names: they would stay.
rmSync(join(root, '.vite'), { recursive: true, force: true });
for (const name of ['main', 'preload', 'desktop']) {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const words = [vite, 'build', '--config', `vite.${name}.config.ts`, '--logLevel', 'warn'];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
