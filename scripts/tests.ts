import { runEndToEnd } from './endToEnd.ts';
import { summaryLine, type Summary } from './summary.ts';
import { runUnit } from './unitTests.ts';

// `npm run unit` and `npm run e2e` [-- arguments of Vitest or Playwright], `npm test` runs both. The last line is
// `N passed, N failed` of all that ran. Ends with the first exit code that is not 0.

const suites = { unit: runUnit, e2e: runEndToEnd };
const words = process.argv.slice(2);
const chosen = words.filter((word): word is keyof typeof suites => word === 'unit' || word === 'e2e');
const rest = words.slice(chosen.length);

const total: Summary = { passed: 0, failed: 0 };
for (const name of chosen) {
  const { code, summary } = await suites[name](rest);
  process.exitCode ||= code;
  total.passed += summary.passed;
  total.failed += summary.failed;
}
console.log(summaryLine(total));
