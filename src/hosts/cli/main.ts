import { runCommandLine } from './run.ts';

const interrupt = new AbortController();
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The first one cancels and cleans up; whoever is in a hurry presses again.
    if (interrupted) process.exit(130);
    interrupted = true;
    interrupt.abort();
  });
}

// `cubelens ... | head` closes the pipe early: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 70);
});

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  interrupt: interrupt.signal,
});
