import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { chooseHost, type Asked } from './chooseHost.ts';
import { electronParts, electronProgram } from './electronProgram.ts';
import { browserCommand, openInBrowser } from './openInBrowser.ts';
import { isStale } from './stale.ts';

// `npm start [-- FILE, serve's arguments]`: builds what is stale and starts the desktop app where it can be had, else
// `cubelens serve`, which opens in the browser where there is a screen; with the demo scene unless a file is given.
// `npm run app` and `npm run serve` choose.

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

const first = process.argv[2];
const isNamed = first === 'app' || first === 'serve';
const asked: Asked = isNamed ? first : 'start';
const given = process.argv.slice(isNamed ? 3 : 2);
const choice = chooseHost(asked, given, {
  hasScreen: browserCommand('', process.platform, process.env) !== null,
  electron: () => electronProgram(electronParts(root)),
});
console.log(choice.why);
if (choice.host === 'none') process.exit(1);

let mustBuild = false;
for (const { built, sources, config } of choice.host === 'app' ? [] : builds) {
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

if (choice.host === 'app') {
  const configs = ['main', 'preload', 'renderer', 'desktop'].map((name) => `vite.${name}.config.ts`);
  const sources = [...shared, 'electron', 'renderer', ...configs];
  const window = join(root, '.vite/renderer/main_window/index.html');
  if (
    isStale(
      window,
      sources.map((source) => join(root, source)),
    )
  ) {
    console.log('Building the desktop app ...');
    const { status } = spawnSync(process.execPath, [join(root, 'scripts/buildDesktop.ts')], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(status ?? 1);
  }
}

const takesValue = new Set(['--root', '--out', '--port']);
const hasFile = given.some((word, at) => !word.startsWith('-') && !takesValue.has(given[at - 1] ?? ''));
const words = ['serve', ...given, ...(hasFile || given.includes('--demo') ? [] : ['--demo'])];
const [program, before] =
  choice.host === 'app'
    ? [choice.program, [root, ...words.slice(1)]]
    : [process.execPath, [join(root, 'bin/cubelens.cjs'), ...words]];
// With this variable Electron would be a plain Node.
const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
const child = spawn(program, before, { stdio: ['inherit', 'pipe', 'inherit'], env });

let said = '';
let isOpened = false;
child.stdout.setEncoding('utf8').on('data', (text: string) => {
  process.stdout.write(text);
  said += text;
  const url = /^http:\/\/\S+$/m.exec(said)?.[0];
  if (url === undefined || isOpened || choice.host === 'app') return;
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
