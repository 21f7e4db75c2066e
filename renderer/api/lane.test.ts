import { expect, test } from 'vitest';
import { lane } from './lane.ts';

interface Flight {
  asked: number;
  signal: AbortSignal;
  answer: (text: string) => void;
  fail: (thrown: unknown) => void;
}

function made() {
  const flights: Flight[] = [];
  const shown: string[] = [];
  const failed: number[] = [];
  const one = lane<number, string>(
    (asked, signal) =>
      new Promise((answer, fail) => {
        flights.push({ asked, signal, answer, fail });
        signal.addEventListener('abort', () => fail(new DOMException('', 'AbortError')));
      }),
    (answer) => shown.push(answer),
    (_, asked) => failed.push(asked),
  );
  return { one, flights, shown, failed };
}

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
};

test('two fly, of the rest only the newest', async () => {
  const { one, flights, shown } = made();
  for (const asked of [1, 2, 3, 4, 5]) one.ask(asked);
  expect(flights.map(({ asked }) => asked)).toEqual([1, 2]);
  flights[0]?.answer('one');
  await settle();
  expect(flights.map(({ asked }) => asked)).toEqual([1, 2, 5]);
  expect(shown).toEqual(['one']);
});

test('an older answer never shows after a newer one', async () => {
  const { one, flights, shown, failed } = made();
  one.ask(1);
  one.ask(2);
  flights[1]?.answer('two');
  await settle();
  expect(flights[0]?.signal.aborted).toBe(true);
  flights[0]?.answer('one');
  await settle();
  expect([shown, failed]).toEqual([['two'], []]);
});

test('only the newest failure is told', async () => {
  const { one, flights, failed } = made();
  one.ask(1);
  one.ask(2);
  flights[0]?.fail(new Error('old'));
  await settle();
  flights[1]?.fail(new Error('new'));
  await settle();
  expect(failed).toEqual([2]);
});

test('after a failure no older answer shows', async () => {
  const { one, flights, shown, failed } = made();
  one.ask(1);
  one.ask(2);
  flights[1]?.fail(new Error('two'));
  await settle();
  expect(flights[0]?.signal.aborted).toBe(true);
  flights[0]?.answer('one');
  await settle();
  expect([shown, failed]).toEqual([[], [2]]);
});

test('a lane that was stopped shows nothing, and can be asked again', async () => {
  const { one, flights, shown, failed } = made();
  one.ask(1);
  one.ask(2);
  one.ask(3);
  one.stop();
  await settle();
  one.ask(4);
  flights.at(-1)?.answer('four');
  await settle();
  expect([shown, failed, flights.map(({ asked }) => asked)]).toEqual([['four'], [], [1, 2, 4]]);
});
