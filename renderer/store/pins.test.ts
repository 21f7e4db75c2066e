import { expect, test } from 'vitest';
import { pinAt, withPin, type Pin } from './pins.ts';

test('a pin takes the smallest number that is free', () => {
  const one = withPin([], { line: 5, sample: 7 });
  expect(one).toEqual([{ number: 1, line: 5, sample: 7 }]);
  const three = withPin(withPin(one, { line: 1, sample: 2 }), { line: 3, sample: 4 });
  expect(three.map(({ number }) => number)).toEqual([1, 2, 3]);
  const without = three.filter(({ number }) => number !== 2);
  expect(withPin(without, { line: 8, sample: 9 })).toEqual([
    { number: 1, line: 5, sample: 7 },
    { number: 2, line: 8, sample: 9 },
    { number: 3, line: 3, sample: 4 },
  ] satisfies Pin[]);
  expect(pinAt(three, { line: 3, sample: 4 })?.number).toBe(3);
  expect(pinAt(three, { line: 4, sample: 3 })).toBeNull();
});
