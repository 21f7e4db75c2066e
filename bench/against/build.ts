import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { peersVariable } from '../peers.ts';
import type { MeasuredRow } from './compare.ts';

const removeOnStop = new URL('removeOnStop.ts', import.meta.url).href;

/** How a build's own bench is to run. */
export interface BuildRun {
  root: string;
  group: string;
  quick: boolean;
  /** Folder for its benchmark files. */
  scratch: string;
  signal: AbortSignal;
}

/** Runs one group of a build's bench in a process of its own; null where the build does not know the group. */
export async function benchBuild(wanted: BuildRun): Promise<MeasuredRow[] | null> {
  const { root, group, quick, scratch, signal } = wanted;
  const results = join(root, 'bench', 'results');
  const before = new Set(await jsonFiles(results));
  const args = ['--only', group, '--scratch', scratch, ...(quick ? ['--quick'] : [])];
  const program = [`--import=${removeOnStop}`, join(root, 'bench', 'run.ts')];
  const exitCode = await processOf([...program, ...args], root, signal);
  signal.throwIfAborted();
  const written = (await jsonFiles(results)).filter((name) => !before.has(name)).at(-1);
  if (written !== undefined) {
    const text = await readFile(join(results, written), 'utf8');
    return (JSON.parse(text) as { rows: MeasuredRow[] }).rows;
  }
  if (exitCode === 2) return null;
  throw new Error(`The bench in ${root} ended with ${exitCode} and left no results.`);
}

/** Names of the results files, oldest first (a name is a time). */
async function jsonFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.json')).sort();
}

/** A process group of its own, so that Ctrl-C reaches it through the signal alone and its children end with it. */
function processOf(args: readonly string[], cwd: string, signal: AbortSignal): Promise<number | string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, [peersVariable]: '0' };
    const stdio = ['ignore', 'ignore', 'inherit'] as const;
    const child = spawn(process.execPath, args, { cwd, env, detached: true, stdio: [...stdio] });
    const stop = (): void => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    };
    signal.addEventListener('abort', stop);
    child.once('error', reject);
    child.once('exit', (code, killedBy) => {
      signal.removeEventListener('abort', stop);
      resolve(code ?? killedBy ?? 'unknown');
    });
    if (signal.aborted) stop();
  });
}
