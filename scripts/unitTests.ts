import { fileURLToPath } from 'node:url';
import { runReported, type Outcome } from './reported.ts';
import { countReport } from './summary.ts';

const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));

/** Vitest with its own report, counted. */
export async function runUnit(words: readonly string[]): Promise<Outcome> {
  return runReported('unit', countReport, (report) => ({
    words: [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...words],
    env: {},
  }));
}
