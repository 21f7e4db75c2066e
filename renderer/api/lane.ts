/**
 * Requests of something under the hand: two fly, the newest waits, an answer that a newer one has overtaken is dropped.
 * So a drag is always followed and an older answer never shows after a newer one.
 */
export function lane<Asked, Answer>(
  run: (asked: Asked, signal: AbortSignal) => Promise<Answer>,
  show: (answer: Answer, asked: Asked) => void,
  fail: (thrown: unknown, asked: Asked) => void,
  depth = 2,
): Lane<Asked> {
  let issued = 0;
  let shown = 0;
  let waiting: { asked: Asked } | null = null;
  const flying = new Map<number, AbortController>();

  const start = async (asked: Asked): Promise<void> => {
    const number = ++issued;
    const controller = new AbortController();
    flying.set(number, controller);
    try {
      const answer = await run(asked, controller.signal);
      if (controller.signal.aborted || number <= shown) return;
      shown = number;
      for (const [other, older] of flying) if (other < number) older.abort();
      show(answer, asked);
    } catch (thrown) {
      // What went wrong with an older question does not matter once a newer one was asked.
      if (controller.signal.aborted || number !== issued || waiting !== null) return;
      // Nor does an older answer that is still to come.
      shown = number;
      for (const [other, older] of flying) if (other < number) older.abort();
      fail(thrown, asked);
    } finally {
      flying.delete(number);
      const next = waiting;
      waiting = null;
      if (next !== null) void start(next.asked);
    }
  };
  return {
    ask: (asked) => {
      if (flying.size < depth) void start(asked);
      else waiting = { asked };
    },
    stop: () => {
      waiting = null;
      shown = issued;
      for (const controller of flying.values()) controller.abort();
    },
  };
}

export interface Lane<Asked> {
  ask: (asked: Asked) => void;
  /** Drops everything that flies or waits. */
  stop: () => void;
}
