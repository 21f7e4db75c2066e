import { expect, it } from 'vitest';
import { parseNoData } from './noData.ts';

it.each([
  ['-32768', 'int16', -32768],
  ['-9999.0', 'int16', -9999],
  ['1e4', 'uint16', 10000],
  ['255 ', 'uint8', 255],
  ['-3.4028234663852886e+38', 'float32', -3.4028234663852886e38],
  ['-3.40282346600000016e+38', 'float32', -3.4028234663852886e38],
  ['0.1', 'float32', 0.10000000149011612],
  ['0.1', 'float64', 0.1],
  ['1e-4', 'float16', 0.00010001659393310547],
  ['nan', 'float32', NaN],
  ['NaN', 'float64', NaN],
  ['-inf', 'float32', -Infinity],
  ['-9999', 'complex64', -9999],
  ['9223372036854775807', 'int64', 9223372036854775807n],
  ['18446744073709551615', 'uint64', 18446744073709551615n],
  ['-1', 'int64', -1n],
] as const)('%s of %s is %s', (text, type, value) => {
  expect(parseNoData(text, type)).toEqual({ noData: value, assumption: null });
});

it.each([
  ['nan', 'int16'],
  ['-9999', 'uint8'],
  ['65536', 'uint16'],
  ['0.5', 'int32'],
  ['1e39', 'float32'],
  ['1e5', 'float16'],
  ['none', 'float32'],
  ['18446744073709551616', 'uint64'],
  ['9'.repeat(1000), 'int16'],
] as const)('%s is no value of %s and that is said', (text, type) => {
  const { noData, assumption } = parseNoData(text, type);
  expect(noData).toBeNull();
  expect(assumption).toMatchObject({ field: 'noDataValue', value: 'none' });
  expect(assumption?.why.length).toBeLessThan(200);
});

it('finds nothing in an empty text', () => {
  expect(parseNoData(' ', 'int16')).toEqual({ noData: null, assumption: null });
});
