import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSummary, summaryLine } from './summary.ts';

// `npm run unit [-- vitest arguments]`: Vitest with its own report, then one plain line `N passed, N failed`.
// Ends with Vitest's exit code; with 1 where no test ran or Vitest left no report.

const folder = mkdtempSync(join(tmpdir(), 'cubelens-unit-'));
const report = join(folder, 'report.json');
const vitest = fileURLToPath(new URL('vitest.mjs', import.meta.resolve('vitest/package.json')));
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];

const child = spawn(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
child.on('error', (error) => {
  console.error(`unit: Vitest did not start: ${error.message}`);
  process.exitCode = 1;
});
child.on('close', (code) => {
  const summary = readSummary(report);
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = code ?? 1;
  if (summary === null || summary.passed + summary.failed === 0) {
    console.error('unit: no test ran');
    process.exitCode ||= 1;
  }
  console.log(summaryLine(summary ?? { passed: 0, failed: 0 }));
});
