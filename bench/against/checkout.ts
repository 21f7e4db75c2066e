import { execFile } from 'node:child_process';
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { missingPackages, type Lock } from './modules.ts';

const run = promisify(execFile);

/** This checkout's folder. */
export const ourRoot = join(import.meta.dirname, '..', '..');

/** A commit's whole name. Throws where there is no such commit. */
export async function commitNamed(name: string): Promise<string> {
  try {
    const commit = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    return (await run('git', commit, { cwd: ourRoot })).stdout.trim();
  } catch {
    throw new Error(`There is no commit ${name} in this repository.`);
  }
}

/** A clean checkout of a commit at `root`, with packages; removed when it is disposed of. */
export class OtherCheckout implements AsyncDisposable {
  readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  /** Leaves nothing behind where it fails. */
  static async create(
    commit: string,
    root: string,
    say: (text: string) => void,
    signal: AbortSignal,
  ): Promise<OtherCheckout> {
    const checkout = new OtherCheckout(root);
    try {
      await run('git', ['worktree', 'add', '--detach', root, commit], { cwd: ourRoot });
      say(await checkout.#addPackages(signal));
      return checkout;
    } catch (error) {
      await checkout[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Links this checkout's packages, or installs its own where they differ; says which. */
  async #addPackages(signal: AbortSignal): Promise<string> {
    const [theirs, ours] = await Promise.all([this.root, ourRoot].map(lockOf));
    const missing = missingPackages(parsed(theirs), parsed(ours));
    if (missing.length > 0) {
      await run('npm', ['ci'], { cwd: this.root, signal });
      return `Packages installed anew, since these differ: ${missing.join(', ')}.`;
    }
    await symlink(join(ourRoot, 'node_modules'), this.root + '/node_modules', 'junction');
    return theirs === ours
      ? 'Same package-lock.json: packages linked.'
      : 'Another package-lock.json, but all it needs at run time is here in the same version: packages linked.';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
    await run('git', ['worktree', 'prune'], { cwd: ourRoot });
  }
}

const lockOf = (root: string): Promise<string> => readFile(join(root, 'package-lock.json'), 'utf8');
const parsed = (text: string | undefined): Lock => JSON.parse(text ?? '{"packages":{}}') as Lock;
