import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '../cubes.ts';
import { benchBuild } from './build.ts';
import { commitNamed, OtherCheckout, ourRoot } from './checkout.ts';
import { compareRounds, formatComparison, type MeasuredRow, type Round } from './compare.ts';

/** What `--against` was asked for. */
export interface AgainstOptions {
  commit: string;
  rounds: number;
  groups: readonly string[];
  quick: boolean;
  /** Folder for the checkout and the benchmark files; undefined: the system's temporary folder. */
  scratch: string | undefined;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Runs a commit's bench and ours in turn and prints the ratios. Gives the exit code: 1 where ours is slower or failed. */
export async function runAgainst(options: AgainstOptions): Promise<number> {
  const interrupt = new AbortController();
  const stop = (): void => {
    say('Stopping, and removing what was written.');
    interrupt.abort(new Error('Stopped.'));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  try {
    return await measured(options, interrupt.signal);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return interrupt.signal.aborted ? 130 : 2;
  } finally {
    for (const name of signals) process.removeListener(name, stop);
  }
}

async function measured(options: AgainstOptions, signal: AbortSignal): Promise<number> {
  const { commit: name, rounds: count, groups, quick } = options;
  const commit = await commitNamed(name);
  await using scratch = await scratchFolder(options.scratch);
  await using other = await OtherCheckout.create(commit, join(scratch.path, 'other'), say, signal);
  const rounds: Round[] = [];
  for (const group of groups) {
    const rowsOf = (root: string): Promise<MeasuredRow[] | null> =>
      benchBuild({ root, group, quick, scratch: scratch.path, signal });
    for (let round = 1; round <= count; round++) {
      say(`${group}, round ${round} of ${count}: ${name}`);
      const theirs = await rowsOf(other.root);
      if (theirs === null) {
        say(`${name} has no group ${group}.`);
        break;
      }
      say(`${group}, round ${round} of ${count}: ours`);
      rounds.push({ other: theirs, ours: (await rowsOf(ourRoot)) ?? [] });
    }
  }
  const comparison = compareRounds(rounds);
  process.stdout.write(`\n${formatComparison(comparison, name)}`);
  await keep({ commit, quick, rounds, ...comparison });
  const failed = new Set(rounds.flatMap(({ ours }) => ours.map(({ work }) => work).filter(isFailure)));
  for (const work of failed) process.stdout.write(`FAILED here: ${work}\n`);
  const slower = comparison.rows.some((row) => row.slower);
  return slower || failed.size > 0 || comparison.rows.length === 0 ? 1 : 0;
}

/** How a bench names the row of a group that could not be measured. */
const isFailure = (work: string): boolean => work.endsWith(': failed');

async function keep(results: unknown): Promise<void> {
  const folder = join(ourRoot, 'bench', 'results');
  await mkdir(folder, { recursive: true });
  const now = new Date().toISOString().replaceAll(':', '').slice(0, 17);
  await writeFile(join(folder, `against-${now}.json`), `${JSON.stringify(results, null, 2)}\n`);
}
