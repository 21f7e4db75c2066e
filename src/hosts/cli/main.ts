import { runCommandLine } from './run.ts';

/** A second Ctrl-C within this time is the first one's echo: npm passes on what the terminal has sent already. */
const echoMs = 1000;

const interrupt = new AbortController();
let interruptedAt: number | null = null;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // The first one cancels and cleans up; whoever is in a hurry presses again.
    if (interruptedAt !== null && performance.now() - interruptedAt > echoMs) process.exit(130);
    interruptedAt ??= performance.now();
    interrupt.abort();
  });
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `cubelens ... | head` closes the pipe early: that is no failure.
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`cubelens: Standard output cannot be written (${error.code ?? error.message}).\n`);
  process.exit(5);
});
// Nobody reads the progress any more: the work goes on.
process.stderr.on('error', () => undefined);

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  interrupt: interrupt.signal,
});
