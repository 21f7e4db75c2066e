import { readFileSync } from 'node:fs';

/** How many tests passed and failed; skipped ones are in neither. */
export interface Summary {
  passed: number;
  failed: number;
}

/** The parts of Vitest's JSON report (`--reporter=json`, Jest's format) that are counted. */
export interface UnitReport {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

/**
 * Counts Vitest's report. A file that failed outside its tests (a syntax error, a missing import, a failed beforeAll)
 * counts as one failed test, or it would vanish from the sum.
 */
export function countReport(report: UnitReport): Summary {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length };
}

/** The parts of Playwright's JSON report that are counted. */
export interface EndToEndReport {
  stats: { expected: number; unexpected: number; flaky: number };
  /** What went wrong outside specs: a file that does not load. */
  errors: readonly unknown[];
}

/** Counts Playwright's report. A spec that passed when tried again has passed; Playwright's own lines call it flaky. */
export function countEndToEnd({ stats, errors }: EndToEndReport): Summary {
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length };
}

/** The count of the JSON file at `path`; null where the test program left none (it crashed or took no run). */
export function readSummary<Report>(path: string, count: (report: Report) => Summary): Summary | null {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')) as Report);
  } catch {
    return null;
  }
}

/** The line that continuous integration reads: "12 passed, 0 failed". */
export function summaryLine({ passed, failed }: Summary): string {
  return `${passed} passed, ${failed} failed`;
}
