import { expect, it } from 'vitest';
import { Scratch } from './scratch.ts';

it('gives the same memory again where it is large enough, more where it is not', () => {
  const scratch = new Scratch();
  const first = scratch.take(100);
  expect(first.byteLength).toBe(100);
  expect(scratch.take(60)).toBe(first);
  const second = scratch.take(101);
  expect(second).not.toBe(first);
  expect(second.byteLength).toBe(101);
  expect(scratch.take(100)).toBe(second);
});

it('does not keep what is very large', () => {
  const scratch = new Scratch();
  const kept = scratch.take(8);
  const large = scratch.take(33 * 1024 * 1024);
  expect(large.byteLength).toBe(33 * 1024 * 1024);
  expect(scratch.take(8)).toBe(kept);
});
