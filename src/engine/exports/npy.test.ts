import { describe, expect, it } from 'vitest';
import { npyHeader } from './npy.ts';

/** The header by numpy.lib.format, version 1.0. */
function parse(header: Uint8Array) {
  const view = new DataView(header.buffer);
  expect(Array.from(header.subarray(0, 8))).toEqual([0x93, ...Buffer.from('NUMPY'), 1, 0]);
  const length = view.getUint16(8, true);
  expect(10 + length).toBe(header.length);
  expect(header.length % 64).toBe(0);
  const text = Buffer.from(header.subarray(10)).toString('latin1');
  expect(text.endsWith('\n')).toBe(true);
  return text.trimEnd();
}

describe('npyHeader', () => {
  it('an image', () => {
    expect(parse(npyHeader('float32', [1000, 512]))).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 512), }",
    );
  });

  it.each([
    ['uint8', '|u1'],
    ['int8', '|i1'],
    ['uint64', '<u8'],
    ['float16', '<f2'],
    ['complex64', '<c8'],
    ['complex128', '<c16'],
  ] as const)('%s is %s', (type, description) => {
    expect(parse(npyHeader(type, [1, 2, 3]))).toContain(`'descr': '${description}'`);
  });

  it('one axis and none are Python tuples', () => {
    expect(parse(npyHeader('int16', [7]))).toContain("'shape': (7,), }");
    expect(parse(npyHeader('int16', []))).toContain("'shape': (), }");
  });

  it.each([[[-1]], [[1.5]], [[Number.NaN]], [Array.from({ length: 33 }, () => 1)]])('refuses %j', (shape) => {
    expect(() => npyHeader('uint8', shape)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });
});
