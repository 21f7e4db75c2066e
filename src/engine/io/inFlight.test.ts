import { describe, expect, it } from 'vitest';
import type { Work } from '../base/work.ts';
import { InFlight } from './inFlight.ts';

const plain: Work = { priority: 'visible' };
const until = (signal: AbortSignal): Work => ({ ...plain, signal });

/** Work that is settled by hand. */
function byHand(): {
  start: (work: Work) => Promise<string>;
  resolve: (value: string) => void;
  reject: (error: Error) => void;
  signals: AbortSignal[];
} {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const signals: AbortSignal[] = [];
  const start = ({ signal }: Work): Promise<string> => {
    if (signal !== undefined) signals.push(signal);
    return promise;
  };
  return { start, resolve, reject, signals };
}

describe('InFlight', () => {
  it('starts shared work once and gives its result to all', async () => {
    const table = new InFlight<string>();
    const work = byHand();
    const all = [1, 2, 3].map(() => table.join('k', plain, work.start));
    expect(table.size).toBe(1);
    work.resolve('done');
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
    expect([work.signals.length, table.size]).toEqual([1, 0]);
    expect(work.signals[0]?.aborted).toBe(false);
  });

  it('keeps distinct keys apart', async () => {
    const table = new InFlight<string>();
    const both = ['a', 'b'].map((key) => table.join(key, plain, () => Promise.resolve(key)));
    expect(table.size).toBe(2);
    expect(await Promise.all(both)).toEqual(['a', 'b']);
  });

  it("one caller's abort leaves the others their answer", async () => {
    const table = new InFlight<string>();
    const work = byHand();
    const leaving = new AbortController();
    const left = table.join('k', until(leaving.signal), work.start);
    const staying = table.join('k', until(new AbortController().signal), work.start);
    leaving.abort();
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    expect(work.signals[0]?.aborted).toBe(false);
    work.resolve('done');
    expect(await staying).toBe('done');
  });

  it('aborts the work when all have gone; who joins later starts anew', async () => {
    const table = new InFlight<string>();
    const first = byHand();
    const controllers = [new AbortController(), new AbortController()];
    const gone = controllers.map((controller) => table.join('k', until(controller.signal), first.start));
    for (const controller of controllers) controller.abort();
    for (const one of gone) await expect(one).rejects.toMatchObject({ code: 'cancelled' });
    expect(first.signals[0]?.aborted).toBe(true);

    const second = byHand();
    const anew = table.join('k', plain, second.start);
    // The aborted work ends only now: that must not take the new work out of the table.
    first.reject(new Error('stopped'));
    await new Promise((resolve) => setImmediate(resolve));
    const joined = table.join('k', plain, second.start);
    second.resolve('new');
    expect(await Promise.all([anew, joined])).toEqual(['new', 'new']);
    expect(second.signals.length).toBe(1);
  });

  it('who joins in the same turn in which the last one leaves gets the answer', async () => {
    const table = new InFlight<string>();
    const work = byHand();
    const controller = new AbortController();
    const leaves = table.join('k', until(controller.signal), work.start);
    controller.abort();
    const joins = table.join('k', plain, work.start);
    await expect(leaves).rejects.toMatchObject({ code: 'cancelled' });
    work.resolve('done');
    expect(await joins).toBe('done');
    expect([work.signals.length, work.signals[0]?.aborted]).toEqual([1, false]);
  });

  it('a failure reaches all, and the next one tries again', async () => {
    const table = new InFlight<string>();
    const work = byHand();
    const all = [1, 2].map(() => table.join('k', plain, work.start));
    work.reject(new Error('broken'));
    for (const one of all) await expect(one).rejects.toThrow('broken');
    expect(await table.join('k', plain, () => Promise.resolve('mended'))).toBe('mended');
  });

  it('work that fails at once leaves nothing behind', async () => {
    const table = new InFlight<string>();
    const fails = (): Promise<string> => {
      throw new Error('at once');
    };
    await expect(table.join('k', plain, fails)).rejects.toThrow('at once');
    expect(table.size).toBe(0);
  });

  it('starts nothing for a caller who has already gone', async () => {
    const table = new InFlight<string>();
    const work = byHand();
    await expect(table.join('k', until(AbortSignal.abort()), work.start)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect([work.signals.length, table.size]).toEqual([0, 0]);
  });
});

describe('the work of those who wait', () => {
  it('is as urgent as the most urgent of them, and rises while it waits', () => {
    const table = new InFlight<string>();
    const seen: Work[] = [];
    const start = (work: Work): Promise<string> => {
      seen.push(work);
      return new Promise(() => undefined);
    };
    void table.join('k', { priority: 'prefetch' }, start);
    expect(seen[0]?.priority).toBe('prefetch');
    void table.join('k', { priority: 'click' }, start);
    expect([seen.length, seen[0]?.priority]).toEqual([1, 'click']);
  });

  it('tells all of them, early and late, that it has begun', () => {
    const table = new InFlight<string>();
    const begun: string[] = [];
    let shared: Work | undefined;
    const joinAs = (name: string): void => {
      const work: Work = { priority: 'visible', onStart: () => begun.push(name) };
      void table.join('k', work, (given) => {
        shared = given;
        return new Promise(() => undefined);
      });
    };
    joinAs('first');
    joinAs('second');
    expect(begun).toEqual([]);
    shared?.onStart?.();
    expect(begun).toEqual(['first', 'second']);
    joinAs('late');
    expect(begun).toEqual(['first', 'second', 'late']);
  });
});
