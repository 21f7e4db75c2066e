import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Fake from './testElectron.ts';

/**
 * Starts the bundled main process in this process, with the fake beside this file for `electron`, and waits until its calls
 * are there. Throws where it shows a dialog instead.
 * @param main file of the bundle. @param words of its command line. @param folder that it keeps its own files in.
 */
export async function startBundle(
  main: string,
  words: readonly string[],
  folder: string,
): Promise<typeof Fake> {
  const url = pathToFileURL(join(import.meta.dirname, 'testElectron.ts')).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron'
        ? { url, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
  });
  const fake = (await import(url)) as typeof Fake;
  fake.state.folder = folder;
  process.argv = [process.execPath, '.', ...words];
  createRequire(import.meta.url)(main);
  fake.becomeReady();
  await until(() => fake.state.calls.size > 0 || fake.state.dialogs.length > 0);
  if (fake.state.dialogs.length > 0) throw new Error(JSON.stringify(fake.state.dialogs));
  return fake;
}

/** Waits until something is so, 20 seconds at most. */
export async function until(is: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!is()) {
    if (Date.now() > end) throw new Error('It does not come.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
