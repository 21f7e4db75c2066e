import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSummary, type Summary } from './summary.ts';

/** How a suite ended. */
export interface Outcome {
  code: number;
  summary: Summary;
}

/**
 * Runs a test program that leaves a JSON report. Where no test ran or there is no report, the code is not 0.
 * @param commandFor what to run, given where the report shall go.
 */
export async function runReported<Report>(
  suite: string,
  count: (report: Report) => Summary,
  commandFor: (report: string) => { words: readonly string[]; env: Readonly<Record<string, string>> },
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), `cubelens-${suite}-`));
  const report = join(folder, 'report.json');
  const { words, env } = commandFor(report);
  const code = await new Promise<number>((end) => {
    const child = spawn(process.execPath, words, { stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', (error) => {
      console.error(`${suite}: the tests did not start: ${error.message}`);
      end(1);
    });
    child.on('close', (status) => {
      end(status ?? 1);
    });
  });
  const summary = readSummary(report, count) ?? { passed: 0, failed: 0 };
  rmSync(folder, { recursive: true, force: true });
  if (summary.passed + summary.failed > 0) return { code, summary };
  console.error(`${suite}: no test ran`);
  return { code: code === 0 ? 1 : code, summary };
}
