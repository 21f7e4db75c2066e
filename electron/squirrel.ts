import { basename, dirname, join } from 'node:path';

/** A program to be run, with its words. */
type Run = (program: string, words: readonly string[]) => void;

/**
 * What Squirrel, the installer on Windows, starts the app for: it makes or removes the shortcuts. True where this start was
 * only for that, and the app is to end at once.
 * @param run starts a program and does not wait for it.
 */
export function isSquirrelStart(
  argv: readonly string[],
  platform: NodeJS.Platform,
  program: string,
  run: Run,
): boolean {
  const [, event] = argv;
  if (platform !== 'win32' || event === undefined || !event.startsWith('--squirrel-')) return false;
  // The installer's own program lies beside the folder of this version.
  const update = join(dirname(program), '..', 'Update.exe');
  if (event === '--squirrel-install' || event === '--squirrel-updated') {
    run(update, [`--createShortcut=${basename(program)}`]);
  }
  if (event === '--squirrel-uninstall') run(update, [`--removeShortcut=${basename(program)}`]);
  // The first run after an installation is a start like any other.
  return event !== '--squirrel-firstrun';
}
