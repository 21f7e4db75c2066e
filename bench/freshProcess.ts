import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../src/hosts/cli/run.ts';

/** What one command did in a process of its own. */
export interface FreshRun {
  /** From the command's first step to its last, without the start of the process. */
  seconds: number;
  /** VmHWM at the end, in bytes; undefined where the system does not tell. */
  peakBytes: number | undefined;
}

/** Runs one command of the command line in a fresh process. Throws with its message where it fails. */
export function runFresh(args: readonly string[]): Promise<FreshRun> {
  return runModule<FreshRun>(import.meta.url, args);
}

/** Runs a module in a fresh process; gives the JSON it prints. Throws with its message where it fails. */
export function runModule<Report>(url: string, args: readonly string[]): Promise<Report> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [fileURLToPath(url), ...args], (error, stdout, stderr) => {
      if (error === null) resolve(JSON.parse(stdout) as Report);
      else reject(new Error(`${args.join(' ')}: ${stderr.trim() || error.message}`));
    });
  });
}

/** This process's VmHWM. */
export function peakBytes(): number | undefined {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const start = performance.now();
  const silent = { write: () => true };
  process.exitCode = await runCommandLine(process.argv.slice(2), {
    stdout: silent,
    stderr: process.stderr,
    interrupt: new AbortController().signal,
  });
  const seconds = (performance.now() - start) / 1000;
  const report: FreshRun = { seconds, peakBytes: peakBytes() };
  process.stdout.write(JSON.stringify(report));
}

if (import.meta.main) await main();
