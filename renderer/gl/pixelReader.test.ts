import { describe, expect, it } from 'vitest';
import { PixelReader, type PixelSource } from './pixelReader.ts';
import { readTileAnswer, type TileAnswer } from './tileAnswer.ts';

const source: PixelSource = {
  tileSize: 2,
  stored: (row, column) => `stored ${row} ${column}`,
  value: null,
};
const filtered: PixelSource = { ...source, value: (row, column) => `value ${row} ${column}` };

function tile(type: string, numbers: ArrayBufferView<ArrayBuffer>, more: Record<string, string> = {}) {
  const headers = new Headers({ 'cubelens-data-type': type, 'cubelens-shape': '1,2,2', ...more });
  return readTileAnswer(headers, numbers.buffer);
}

/** A reader, and its engine: tiles by address, answered when let go. */
function start(tiles: Record<string, TileAnswer>) {
  const asked: string[] = [];
  const aborted: string[] = [];
  const waiting: (() => void)[] = [];
  const reader = new PixelReader((url, { signal }) => {
    asked.push(url);
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => {
        aborted.push(url);
        reject(new DOMException('Aborted.', 'AbortError'));
      });
      waiting.push(() => {
        const answer = tiles[url];
        if (answer === undefined) reject(new Error(`no ${url}`));
        else resolve(answer);
      });
    });
  });
  const letGo = () => {
    waiting.splice(0).forEach((go) => {
      go();
    });
  };
  return { reader, asked, aborted, letGo };
}

describe('PixelReader', () => {
  it('computes the value of a band from the stored number in float64', async () => {
    const { reader, asked, letGo } = start({
      'stored 1 0': tile('uint16', Uint16Array.of(1, 2, 1234, 65535), {
        'cubelens-scale': '0.0001',
        'cubelens-offset': '0.5',
        'cubelens-no-data': '65535',
      }),
    });
    const first = reader.read(source, { line: 3, sample: 0 });
    letGo();
    expect(await first).toEqual({ stored: 1234, value: 1234 * 0.0001 + 0.5, missing: null });
    // The neighbour is there already.
    expect(await reader.read(source, { line: 3, sample: 1 })).toEqual({
      stored: 65535,
      value: null,
      missing: 'no-data',
    });
    expect(asked).toEqual(['stored 1 0']);
  });

  it('gives 64-bit integers exactly, complex numbers as pair with their magnitude', async () => {
    const { reader, letGo } = start({
      'stored 0 0': tile('int64', BigInt64Array.of(-(2n ** 63n), 1n, 2n, 3n)),
      'stored 0 1': tile('complex64', Float32Array.of(3, -4, 0, 0, 0, 0, 0, 0)),
    });
    const wide = reader.read(source, { line: 0, sample: 0 });
    letGo();
    expect(await wide).toEqual({ stored: -(2n ** 63n), value: -(2 ** 63), missing: null });
    const complex = reader.read(source, { line: 0, sample: 2 });
    letGo();
    expect(await complex).toEqual({ stored: [3, -4], value: 5, missing: null });
  });

  it('reads the value of a filtered image from its tile, also where the band has none', async () => {
    const { reader, asked, letGo } = start({
      'stored 0 0': tile('int16', Int16Array.of(-9999, 7, 0, 0), { 'cubelens-no-data': '-9999' }),
      'value 0 0': tile('float32', Float32Array.of(0.25, NaN, 0, 0)),
    });
    const filled = reader.read(filtered, { line: 0, sample: 0 });
    letGo();
    expect(await filled).toEqual({ stored: -9999, value: 0.25, missing: 'no-data' });
    expect(await reader.read(filtered, { line: 0, sample: 1 })).toEqual({
      stored: 7,
      value: null,
      missing: null,
    });
    expect(asked).toEqual(['stored 0 0', 'value 0 0']);
  });

  it('lets the latest call win', async () => {
    const { reader, asked, aborted, letGo } = start({
      'stored 0 1': tile('uint8', Uint8Array.of(1, 2, 3, 4)),
    });
    const first = reader.read(source, { line: 0, sample: 0 });
    const second = reader.read(source, { line: 0, sample: 2 });
    const third = reader.read(source, { line: 1, sample: 3 });
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    letGo();
    expect((await third).stored).toBe(4);
    // The tile that the third needs too was not let go.
    expect(asked).toEqual(['stored 0 0', 'stored 0 1']);
    expect(aborted).toEqual(['stored 0 0']);
  });

  it('stops when it is aborted, and reads again afterwards', async () => {
    const { reader, asked, aborted, letGo } = start({
      'stored 0 0': tile('uint8', Uint8Array.of(1, 2, 3, 4)),
    });
    const stop = new AbortController();
    const first = reader.read(source, { line: 0, sample: 0 }, stop.signal);
    stop.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(aborted).toEqual(['stored 0 0']);
    await expect(reader.read(source, { line: 0, sample: 0 }, stop.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    const again = reader.read(source, { line: 0, sample: 0 });
    letGo();
    expect((await again).stored).toBe(1);
    expect(asked).toHaveLength(2);
  });

  it('passes failures on and tries anew the next time', async () => {
    const { reader, asked, letGo } = start({});
    for (let i = 0; i < 2; i++) {
      const read = reader.read(source, { line: 0, sample: 0 });
      letGo();
      await expect(read).rejects.toThrow('no stored 0 0');
    }
    expect(asked).toHaveLength(2);
  });
});
