import { promises, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

/**
 * Loaded ahead of any build's bench: remembers the temporary folders it makes and removes them where it is stopped, since
 * older benches do so only at their end.
 */
function removeOnStop(): void {
  const folders: string[] = [];
  const make = promises.mkdtempDisposable;
  promises.mkdtempDisposable = async (...args: Parameters<typeof make>) => {
    const folder = await make(...args);
    folders.push(folder.path);
    return folder;
  };
  syncBuiltinESMExports();
  process.once('SIGTERM', () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    process.exit(143);
  });
}

if (isMainThread) removeOnStop();
