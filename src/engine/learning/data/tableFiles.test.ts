import { describe, expect, it, test } from 'vitest';
import { npyHeader } from '../../exports/npy.ts';
import { tableOfCsv } from './tableOfCsv.ts';
import { tableOfNpy } from './tableOfNpy.ts';

describe('a table of a CSV', () => {
  it('takes names, classes and positions from their columns', () => {
    const text =
      'line,sample,450 nm,class,460.5 nm\r\n3,4,0.5,tree,1e3\r\n3,5,-1,"rock, dry",2\r\n4,0,0,,7\r\n';
    const table = tableOfCsv(text, 'a.csv');
    expect(table).toEqual({
      rows: 3,
      columns: 2,
      values: Float32Array.of(0.5, 1000, -1, 2, 0, 7),
      names: ['450 nm', '460.5 nm'],
      wavelengthsNm: [450, 460.5],
      positions: Int32Array.of(3, 4, 3, 5, 4, 0),
      classes: { ofRow: Int32Array.of(1, 0, -1), names: ['rock, dry', 'tree'] },
      notes: [],
    });
  });

  it('needs no heading, and leaves out rows with a missing value', () => {
    const table = tableOfCsv('\uFEFF1;2\n\n3;NaN\n;4\n5;inf\n6;7', 'a.csv');
    expect(table).toMatchObject({ rows: 2, names: ['column 1', 'column 2'], classes: null, positions: null });
    expect([...table.values]).toEqual([1, 2, 6, 7]);
    expect(table.notes).toEqual(['Rows left out for a missing value: 3.']);
  });

  it('leaves out rows with a fill value that no file declares, and says so', () => {
    const table = tableOfCsv('1,2\n3,-3.4028235e38\n5,6\n7,\n', 'a.csv');
    expect([...table.values]).toEqual([1, 2, 5, 6]);
    expect(table.notes).toEqual([
      'Rows left out for a missing value: 1.',
      'Rows left out for a value beyond 1e30, which is no measurement: 1. Leave such cells empty, or write NaN.',
    ]);
    const numbers = Float32Array.of(1, 2, 3, -3.4028235e38, 5, 6);
    const array = tableOfNpy(npy(npyHeader('float32', [3, 2]), numbers), 'a.npy');
    expect([...array.values]).toEqual([1, 2, 5, 6]);
    expect(array.notes).toEqual(table.notes.slice(1));
  });

  it('sorts classes that are numbers as numbers', () => {
    const table = tableOfCsv('a,class\n1,10\n2,9\n', 'a.csv');
    expect(table.classes).toEqual({ ofRow: Int32Array.of(1, 0), names: ['9', '10'] });
  });

  it('holds many rows', () => {
    const text = Array.from({ length: 5000 }, (_, k) => `${k},${2 * k}`).join('\n');
    expect(tableOfCsv(text, 'a.csv').values.at(-1)).toBe(9998);
  });

  test.each<[string, string, string, { row?: number; column?: number }]>([
    ['nothing', '', 'holds no rows of numbers', {}],
    ['a heading alone', 'a,b\n', 'holds no rows of numbers', {}],
    ['no whole row', 'a,b\n1,\n', 'holds no row without a missing value among 1', {}],
    ['a word', 'a,b\n1,2\n3,x\n', 'has "x" in row 3, column 2', { row: 3, column: 2 }],
    ['hexadecimal', 'a,b\n1,0x10\n', 'has "0x10" in row 2, column 2', { row: 2, column: 2 }],
    ['ragged rows', 'a,b\n1,2\n3\n', 'has 1 cells in row 3, but 2 in the first', { row: 3 }],
    ['two columns of a name', 'a,a\n1,2\n', 'names two columns "a"', { row: 1, column: 2 }],
    [
      'a line without sample',
      'line,a\n1,2\n',
      'has a column line, but none named sample',
      { row: 1, column: 1 },
    ],
    ['half a line', 'line,sample,a\n0.5,1,2\n', 'has "0.5" in row 2, column 1', { row: 2, column: 1 }],
    ['no inputs', 'line,sample,class\n1,1,a\n', 'has no column of numbers', { row: 1 }],
    [
      'an open quote',
      'a,b\n1,"2\n',
      'has a quote without its partner in row 2, column 2',
      { row: 2, column: 2 },
    ],
    ['text after a quote', 'a,b\n"1"2,3\n', 'has a quote without its partner', { row: 2, column: 1 }],
    ['what float32 cannot hold', 'a,b\n1,1e300\n', 'has 1e300 in row 2, column 2', { row: 2, column: 2 }],
    [
      'another kind of file',
      '\u0000\u0001PK,\u0003\n\u0000,\u0001',
      'column 1, which is no number',
      { row: 2, column: 1 },
    ],
  ])('is refused for %s', (_, text, message, place) => {
    expect(() => tableOfCsv(text, 'a.csv')).toThrow(
      expect.objectContaining({
        code: 'malformed-file',
        message: expect.stringContaining(message),
        place: expect.objectContaining({ file: 'a.csv', remedy: expect.any(String), ...place }),
      }),
    );
  });
});

function npy(header: Uint8Array, numbers: { buffer: ArrayBufferLike }): Uint8Array {
  const out = new Uint8Array(header.length + numbers.buffer.byteLength);
  out.set(header);
  out.set(new Uint8Array(numbers.buffer), header.length);
  return out;
}
const withHeader = (text: string, bytes: number): Uint8Array => {
  const start = npyHeader('float32', [1, 1]);
  const dictionary = new TextEncoder().encode(text.padEnd(start.length - 11, ' ') + '\n');
  const out = new Uint8Array(10 + dictionary.length + bytes);
  out.set(start.subarray(0, 10));
  out.set(dictionary, 10);
  new DataView(out.buffer).setUint16(8, dictionary.length, true);
  return out;
};

describe('a table of an NPY', () => {
  it('takes rows x columns of any real type', () => {
    const numbers = [1, 2, 3, 4, 5, 6];
    for (const [type, array] of [
      ['float32', Float32Array.from(numbers)],
      ['float64', Float64Array.from(numbers)],
      ['uint8', Uint8Array.from(numbers)],
      ['int16', Int16Array.from(numbers)],
      ['uint32', Uint32Array.from(numbers)],
      ['int64', BigInt64Array.from(numbers.map(BigInt))],
    ] as const) {
      const table = tableOfNpy(npy(npyHeader(type, [2, 3]), array), 'a.npy');
      expect(table).toMatchObject({ rows: 2, columns: 3, positions: null, notes: [] });
      expect([...table.values]).toEqual(numbers);
    }
  });

  it('takes lines x samples x bands with positions, without rows that are not finite', () => {
    const numbers = Float64Array.of(1, 2, NaN, 4, 5, 6, 7, 8, 9, Infinity, 1e300, 12);
    const table = tableOfNpy(npy(npyHeader('float64', [2, 3, 2]), numbers), 'a.npy');
    expect([...table.values]).toEqual([1, 2, 5, 6, 7, 8]);
    expect([...(table.positions ?? [])]).toEqual([0, 0, 0, 2, 1, 0]);
    expect(table.notes).toEqual(['Rows left out for a missing value: 3.']);
  });

  it('takes the other byte order', () => {
    const bytes = withHeader("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 2), }", 8);
    new DataView(bytes.buffer).setFloat32(bytes.length - 8, 1.5);
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, -2);
    expect([...tableOfNpy(bytes, 'a.npy').values]).toEqual([1.5, -2]);
  });

  const good = npy(npyHeader('float32', [2, 2]), Float32Array.of(1, 2, 3, 4));
  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'no NPY file'],
    ['another kind of file', new TextEncoder().encode('a,b,c\n1,2,3\n'), 'no NPY file'],
    ['an end within its header', good.slice(0, 40), 'ends within its header'],
    ['missing numbers', good.slice(0, -4), 'announces 16 bytes, 12 are there'],
    ['too many numbers', npy(good, Float32Array.of(1)), 'announces 16 bytes, 20 are there'],
    ['one axis', npy(npyHeader('float32', [2]), Float32Array.of(1, 2)), 'it has 1 axis'],
    ['four axes', npy(npyHeader('float32', [1, 1, 1, 1]), Float32Array.of(1)), 'it has 4 axes'],
    ['no rows', npy(npyHeader('float32', [0, 3]), new Float32Array()), 'is empty'],
    ['complex numbers', npy(npyHeader('complex64', [1, 1]), Float32Array.of(1, 2)), "its type is '<c8'"],
    ['only NaN', npy(npyHeader('float32', [1, 1]), Float32Array.of(NaN)), 'none of its 1 rows'],
    [
      'Python objects',
      withHeader("{'descr': '|O', 'fortran_order': False, 'shape': (1, 2), }", 8),
      "type is '|O'",
    ],
    [
      'structured types',
      withHeader("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 2), }", 8),
      "its type is [('a'",
    ],
    [
      'the other order',
      withHeader("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", 8),
      'first axis is fastest',
    ],
    [
      'a shape that is too large',
      withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 9999), }", 8),
      'holds 999',
    ],
    [
      'a negative shape',
      withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2), }", 8),
      'no shape or order',
    ],
  ])('is refused for %s', (_, bytes, message) => {
    expect(() => tableOfNpy(bytes, 'a.npy')).toThrow(
      expect.objectContaining({
        name: 'CubelensError',
        message: expect.stringContaining(message),
        place: expect.objectContaining({ file: 'a.npy', remedy: expect.any(String) }),
      }),
    );
  });
});
