/** What a person typed: `npm start`, `npm run app` or `npm run serve`. */
export type Asked = 'start' | 'app' | 'serve';

export type Choice =
  | { host: 'app'; program: string; why: string }
  /** `none`: what was asked for cannot be had. */
  | { host: 'serve' | 'none'; why: string };

interface Machine {
  hasScreen: boolean;
  /** Asked only where it matters: it may take half a minute. */
  electron: () => { path: string } | { why: string };
}

const serveOptions = ['--root', '--out', '--port'];

/** Which host starts, and why in a line for the person. */
export function chooseHost(asked: Asked, words: readonly string[], machine: Machine): Choice {
  if (asked === 'serve') return { host: 'serve', why: 'Starting for a browser.' };
  const option = words.find((word) => serveOptions.some((one) => word === one || word.startsWith(`${one}=`)));
  if (asked === 'start' && option !== undefined) {
    return { host: 'serve', why: `Starting in the browser: ${option} is an option of serve.` };
  }
  if (!machine.hasScreen) {
    return asked === 'start'
      ? { host: 'serve', why: 'Starting for a browser: there is no screen for the desktop app.' }
      : { host: 'none', why: 'The desktop app cannot start: there is no screen.' };
  }
  const electron = machine.electron();
  if ('path' in electron) return { host: 'app', program: electron.path, why: 'Starting the desktop app.' };
  return asked === 'start'
    ? { host: 'serve', why: `Starting in the browser: ${electron.why}.` }
    : {
        host: 'none',
        why: `The desktop app cannot start: ${electron.why}. \`npm run serve\` works without it.`,
      };
}
