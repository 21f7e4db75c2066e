import { describe, expect, it } from 'vitest';
import { readSampleCsv } from './sampleCsv.ts';
import { sampleFile } from './sampleFile.ts';
import { drawSamples } from './sampling.ts';
import { example, exampleVectors } from './testGaussians.ts';

const count = 10_000;
const bytesOf = (format: 'csv' | 'npy') => Buffer.concat([...sampleFile(example, count, 9, format).pieces()]);

describe('a file of samples', () => {
  const { samples } = drawSamples(example, count, 9);
  const expected = (k: number) => [samples.a, samples.b, samples.c].flatMap((rows) => rows?.[k] ?? []);

  it('is CSV that reads back to the same doubles', () => {
    const text = bytesOf('csv').toString('utf8');
    expect(text.slice(0, text.indexOf('\r\n'))).toBe('a1,a2,b1,b2,b3,c1,c2,c3,c4');
    const table = readSampleCsv(text, 'x.csv', exampleVectors);
    expect(table.samples.length).toBe(count);
    for (const k of [0, 7281, 7282, count - 1]) expect(table.samples[k]).toEqual(expected(k));
  });

  it('is NPY of count x N float64', () => {
    const bytes = bytesOf('npy');
    const start = bytes.length - count * 9 * 8;
    expect(bytes.subarray(0, start).toString('latin1')).toContain(`'shape': (${count}, 9)`);
    expect(bytes.readDoubleLE(start + 8 * 9 * 8000)).toBe(expected(8000)[0]);
  });
});
