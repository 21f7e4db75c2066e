import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

/** A stream that remembers, and a clock that only the test moves. */
function stage(terminal: boolean, columns = 60) {
  const written: string[] = [];
  const clock = { now: 0 };
  const stream = { isTTY: terminal, columns, write: (text: string) => written.push(text) };
  return { written, clock, progress: new Progress(stream, () => clock.now) };
}

const job = (done: number, total = 200) => ({ stage: 'Writing pixels', done, total });

describe('Progress on a terminal', () => {
  it('draws a bar at most every 100 ms and takes it away', () => {
    const { written, clock, progress } = stage(true);
    progress.show(job(1));
    clock.now = 99;
    progress.show(job(2));
    expect(written).toEqual([]);
    clock.now = 100;
    progress.show(job(50));
    expect(written).toEqual([`\r\x1b[2K[${'='.repeat(9)}${' '.repeat(27)}] Writing pixels: 25 %`]);
    progress.clear();
    expect(written.at(-1)).toBe('\r\x1b[2K');
  });

  it('stays within the terminal, however narrow', () => {
    for (const columns of [10, 20, 31, 40, 80, 200]) {
      const { written, clock, progress } = stage(true, columns);
      clock.now = 1000;
      progress.show(job(200));
      const [line = ''] = written;
      expect(line.replace('\r\x1b[2K', '').length).toBeLessThan(columns);
    }
  });

  it('says the stage alone where the total is unknown, and never more than 100 %', () => {
    const { written, clock, progress } = stage(true);
    clock.now = 1000;
    progress.show(job(0, 0));
    expect(written.at(-1)).toBe('\r\x1b[2KWriting pixels');
    clock.now = 2000;
    progress.show(job(300));
    expect(written.at(-1)).toContain('100 %');
  });

  it('has nothing to take away where nothing was drawn', () => {
    const { written, progress } = stage(true);
    progress.clear();
    expect(written).toEqual([]);
  });
});

describe('Progress elsewhere', () => {
  it('prints a plain line every two seconds, with no control characters', () => {
    const { written, clock, progress } = stage(false);
    for (clock.now = 0; clock.now <= 5000; clock.now += 500) progress.show(job(clock.now / 50));
    progress.clear();
    expect(written).toEqual(['Writing pixels: 20 %\n', 'Writing pixels: 40 %\n']);
  });
});
