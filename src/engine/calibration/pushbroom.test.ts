import { expect, test } from 'vitest';
import { pushbroom } from './pushbroom.ts';

const scanner = { focalMm: 8, pitchUm: 10, linesPerSecond: 50, speedMs: 62.5, heightM: 1000 };

test('square pixels at the right speed', () => {
  const answer = pushbroom({ ...scanner, centreX: 320 });
  expect(answer.K).toEqual([
    [800, 0, 320],
    [0, 800, 0],
    [0, 0, 1],
  ]);
  expect([answer.acrossM, answer.alongM, answer.aspect, answer.squareSpeedMs]).toEqual([1.25, 1.25, 1, 62.5]);
  expect(answer.notes).toEqual(['Pixels on the ground are square.']);
});

test('twice the speed makes pixels twice as long, whatever the lens', () => {
  const answer = pushbroom({ ...scanner, speedMs: 125 });
  expect([answer.fx, answer.fy, answer.aspect, answer.squareSpeedMs]).toEqual([800, 400, 2, 62.5]);
  expect(answer.notes[0]).toContain('longer along the track');
  // At the speed that it names pixels are square.
  expect(pushbroom({ ...scanner, speedMs: answer.squareSpeedMs }).aspect).toBe(1);
  expect(pushbroom({ ...scanner, heightM: 500 }).notes[0]).toContain('longer along');
});
