import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { openInBrowser } from './openInBrowser.ts';
import { isStale } from './stale.ts';

// `npm start [-- serve's arguments]`: builds what is stale, starts `cubelens serve`, with the demo scene unless a file is
// given, and opens the window where there is a screen.

const root = join(import.meta.dirname, '..');
const shared = ['package-lock.json', 'package.json', 'src', 'tsconfig.base.json'];
const builds = [
  { built: 'dist/cli.js', sources: [...shared, 'vite.config.ts'], config: 'vite.config.ts' },
  {
    built: 'dist/renderer/index.html',
    sources: [...shared, 'renderer', 'vite.renderer.config.ts'],
    config: 'vite.renderer.config.ts',
  },
];

let mustBuild = false;
for (const { built, sources, config } of builds) {
  // The first build empties the folder that the second one writes into.
  mustBuild ||= isStale(
    join(root, built),
    sources.map((source) => join(root, source)),
  );
  if (!mustBuild) continue;
  console.log(`Building ${built} ...`);
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const words = [vite, 'build', '--config', config, '--logLevel', 'warn'];
  const { status } = spawnSync(process.execPath, words, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

const given = process.argv.slice(2);
const takesValue = new Set(['--root', '--out', '--port']);
const hasFile = given.some((word, at) => !word.startsWith('-') && !takesValue.has(given[at - 1] ?? ''));
const words = ['serve', ...given, ...(hasFile || given.includes('--demo') ? [] : ['--demo'])];
const child = spawn(process.execPath, [join(root, 'bin/cubelens.cjs'), ...words], {
  stdio: ['inherit', 'pipe', 'inherit'],
});

let said = '';
let isOpened = false;
child.stdout.setEncoding('utf8').on('data', (text: string) => {
  process.stdout.write(text);
  said += text;
  const url = /^http:\/\/\S+$/m.exec(said)?.[0];
  if (url === undefined || isOpened) return;
  isOpened = true;
  openInBrowser(url);
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The server cleans up and ends; this script ends with it. Ctrl-C reaches it by itself.
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
}
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
