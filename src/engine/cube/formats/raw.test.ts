import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  dataTypes,
  newStoredArray,
  partBytesOf,
  storedView,
  type DataType,
  type StoredArray,
} from '../../base/dataTypes.ts';
import { CubelensError } from '../../base/errors.ts';
import { throwIfAborted } from '../../base/signal.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { rawFileBytes, readRawWindow, type RawLayout, type RawRead } from './raw.ts';

/** A fresh array for what `readRawWindow` fills. */
function rawReadArray({ layout, window, bandIndexes }: RawRead): StoredArray {
  return newStoredArray(layout.dataType, bandIndexes.length * window.lines * window.samples);
}

type Read = { offset: number; length: number };

/** A source in memory that writes down every read. */
function recording(bytes: Uint8Array): { source: ByteSource; reads: Read[] } {
  const reads: Read[] = [];
  const source: ByteSource = {
    name: 'x.dat',
    size: bytes.length,
    read: () => Promise.reject(new Error('not used')),
    readInto: (offset, target, options) => {
      throwIfAborted(options?.signal);
      reads.push({ offset, length: target.length });
      if (offset < 0 || offset + target.length > bytes.length) {
        return Promise.reject(new CubelensError('malformed-file', 'past the end'));
      }
      target.set(bytes.subarray(offset, offset + target.length));
      return Promise.resolve();
    },
  };
  return { source, reads };
}

/** Bytes in which no two neighbouring values are alike. */
function fileOf(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 12345;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

/** Where a value stands in the file by the definition of the interleaves, in values. */
function place(layout: RawLayout, line: number, sample: number, band: number): number {
  const { lines, samples, bands } = layout;
  switch (layout.interleave) {
    case 'bsq':
      return band * lines * samples + line * samples + sample;
    case 'bil':
      return line * bands * samples + band * samples + sample;
    case 'bip':
      return line * samples * bands + sample * bands + band;
  }
}

/** The bytes of the wanted values, each part turned to little-endian, one value after the other. */
function naive(file: Uint8Array, layout: RawLayout, window: LineSampleWindow, bands: number[]): Uint8Array {
  const size = bytesOf(layout.dataType);
  const part = partBytesOf(layout.dataType);
  const out: number[] = [];
  for (const band of bands) {
    for (let line = window.line0; line < window.line0 + window.lines; line++) {
      for (let sample = window.sample0; sample < window.sample0 + window.samples; sample++) {
        const at = layout.headerOffset + place(layout, line, sample, band) * size;
        for (let p = at; p < at + size; p += part) {
          const bytes = [...file.subarray(p, p + part)];
          out.push(...(layout.byteOrder === 'big' ? bytes.reverse() : bytes));
        }
      }
    }
  }
  return Uint8Array.from(out);
}

const bytesOut = (out: ArrayBufferView): Uint8Array =>
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength);

/** Two numbers from 0 below n: first and count. */
const span = (n: number): fc.Arbitrary<[number, number]> =>
  fc.nat(n - 1).chain((first) => fc.tuple(fc.constant(first), fc.integer({ min: 1, max: n - first })));

const sizes = fc.record({
  lines: fc.integer({ min: 1, max: 5 }),
  samples: fc.integer({ min: 1, max: 7 }),
  bands: fc.integer({ min: 1, max: 6 }),
  headerOffset: fc.constantFrom(0, 1, 3, 128, 1001),
});

const requests = sizes.chain((size) =>
  fc.record({
    size: fc.constant(size),
    lines: span(size.lines),
    samples: span(size.samples),
    bands: fc.array(fc.nat(size.bands - 1), { minLength: 1, maxLength: 8 }),
    tail: fc.constantFrom(0, 5),
  }),
);

const layoutOf = (sizes: Omit<RawLayout, 'kind' | 'source'>): RawLayout => ({
  kind: 'raw',
  source: { kind: 'memory', name: 'x.dat', buffer: new SharedArrayBuffer(0) },
  ...sizes,
});

const kinds = dataTypes.flatMap((dataType) =>
  (['bsq', 'bil', 'bip'] as const).flatMap((interleave) =>
    (['little', 'big'] as const).map((byteOrder) => ({ dataType, interleave, byteOrder })),
  ),
);

describe('readRawWindow', () => {
  it.each(kinds)('$dataType $interleave $byteOrder: any window of any bands', async (kind) => {
    const property = fc.asyncProperty(requests, async ({ size, lines, samples, bands, tail }) => {
      const layout = layoutOf({ ...kind, ...size });
      const file = fileOf(rawFileBytes(layout) + tail);
      const window = { line0: lines[0], lines: lines[1], sample0: samples[0], samples: samples[1] };
      const { source, reads } = recording(file);
      const read = { layout, window, bandIndexes: bands, source };
      const out = rawReadArray(read);
      await readRawWindow(read, out);
      expect(bytesOut(out)).toEqual(naive(file, layout, window, bands));
      checkReads(reads, layout, window, bands);
    });
    await fc.assert(property, { numRuns: 40 });
  });

  /** In these small cubes all pieces are near each other: one read a band (BSQ) or a line, no longer than it must be. */
  function checkReads(reads: Read[], layout: RawLayout, window: LineSampleWindow, bands: number[]): void {
    const { line0, sample0, lines, samples } = window;
    const windowLines = Array.from({ length: lines }, (_, line) => line0 + line);
    const read =
      layout.interleave === 'bsq'
        ? bands.map((band) => ({ bands: [band], lines: windowLines }))
        : windowLines.map((line) => ({ bands, lines: [line] }));
    const wanted = read.map((group) => {
      const places = group.lines.flatMap((line) =>
        group.bands.flatMap((band) =>
          [sample0, sample0 + samples - 1].map((sample) => place(layout, line, sample, band)),
        ),
      );
      const first = Math.min(...places);
      const size = bytesOf(layout.dataType);
      return {
        offset: layout.headerOffset + first * size,
        length: (Math.max(...places) + 1 - first) * size,
      };
    });
    expect(reads).toEqual(wanted);
  }

  it('fills only its part of a larger output', async () => {
    const layout = layoutOf({
      dataType: 'int16',
      interleave: 'bip',
      byteOrder: 'big',
      headerOffset: 1,
      lines: 2,
      samples: 3,
      bands: 2,
    });
    const file = fileOf(rawFileBytes(layout));
    const window = { line0: 0, sample0: 1, lines: 2, samples: 2 };
    const { source } = recording(file);
    const buffer = new ArrayBuffer(32);
    new Uint8Array(buffer).fill(0xee);
    const out = storedView('int16', buffer, 6, 4);
    await readRawWindow({ layout, window, bandIndexes: [1], source }, out);
    const all = new Uint8Array(buffer);
    expect(all.subarray(6, 14)).toEqual(naive(file, layout, window, [1]));
    expect([...all.subarray(0, 6), ...all.subarray(14)].every((byte) => byte === 0xee)).toBe(true);
  });

  it('reads nothing for no bands', async () => {
    const layout = layoutOf({
      dataType: 'uint8',
      interleave: 'bil',
      byteOrder: 'little',
      headerOffset: 0,
      lines: 2,
      samples: 2,
      bands: 2,
    });
    const { source, reads } = recording(fileOf(8));
    const read = { layout, window: { line0: 0, sample0: 0, lines: 2, samples: 2 }, bandIndexes: [], source };
    await readRawWindow(read, rawReadArray(read));
    expect(reads).toEqual([]);
  });
});

describe('readRawWindow on wide cubes', () => {
  it('BIL: leaves out what lies between far bands, takes near ones together', async () => {
    const layout = layoutOf({
      dataType: 'uint8',
      interleave: 'bil',
      byteOrder: 'little',
      headerOffset: 7,
      lines: 2,
      samples: 20_000,
      bands: 4,
    });
    const file = fileOf(rawFileBytes(layout));
    const window = { line0: 0, sample0: 100, lines: 2, samples: 10 };
    const far = recording(file);
    const read = { layout, window, bandIndexes: [3, 0], source: far.source };
    const out = rawReadArray(read);
    await readRawWindow(read, out);
    expect(bytesOut(out)).toEqual(naive(file, layout, window, [3, 0]));
    expect(far.reads).toEqual(
      [0, 1].flatMap((line) =>
        [0, 3].map((band) => ({ offset: 7 + (line * 4 + band) * 20_000 + 100, length: 10 })),
      ),
    );
    const near = recording(file);
    const wide = { ...window, sample0: 0, samples: 15_000 };
    const reading = { layout, window: wide, bandIndexes: [1, 2], source: near.source };
    await readRawWindow(reading, rawReadArray(reading));
    expect(near.reads.length).toBe(2);
  });

  it('BSQ: rows far apart are read one by one, near ones in reads of at most about 256 KB', async () => {
    const layout = layoutOf({
      dataType: 'uint16',
      interleave: 'bsq',
      byteOrder: 'big',
      headerOffset: 5,
      lines: 40,
      samples: 10_000,
      bands: 2,
    });
    const file = fileOf(rawFileBytes(layout));
    const rows = async (samples: number): Promise<Read[]> => {
      const { source, reads } = recording(file);
      const window = { line0: 2, sample0: 50, lines: 30, samples };
      const read = { layout, window, bandIndexes: [1], source };
      const out = rawReadArray(read);
      await readRawWindow(read, out);
      expect(Buffer.compare(bytesOut(out), naive(file, layout, window, [1]))).toBe(0);
      return reads;
    };
    const rowStart = (row: number): number => 5 + 2 * (10_000 * (40 + 2 + row) + 50);
    // 20 000 bytes a line, 19 800 of them not wanted.
    expect(await rows(100)).toEqual(
      Array.from({ length: 30 }, (_, row) => ({ offset: rowStart(row), length: 200 })),
    );
    // 13 lines fit into 256 KB.
    expect(await rows(9_000)).toEqual([
      { offset: rowStart(0), length: 12 * 20_000 + 18_000 },
      { offset: rowStart(13), length: 12 * 20_000 + 18_000 },
      { offset: rowStart(26), length: 3 * 20_000 + 18_000 },
    ]);
  });

  it.each(['bil', 'bip'] as const)(
    '%s: a line of 9 MB is read in pieces of at most about 256 KB',
    async (interleave) => {
      const layout = layoutOf({
        dataType: 'uint16',
        interleave,
        byteOrder: 'big',
        headerOffset: 3,
        lines: 1,
        samples: 3000,
        bands: 1500,
      });
      const file = fileOf(rawFileBytes(layout));
      const { source, reads } = recording(file);
      const window = { line0: 0, sample0: 0, lines: 1, samples: 3000 };
      const bandIndexes = Array.from({ length: 1500 }, (_, k) => 1499 - k);
      const read = { layout, window, bandIndexes, source };
      const out = rawReadArray(read);
      await readRawWindow(read, out);
      expect(reads.every(({ length }) => length <= 256 * 1024 + 32 * 1024)).toBe(true);
      expect(reads.length).toBeLessThanOrEqual(40);
      expect(reads.reduce((sum, { length }) => sum + length, 0)).toBe(9_000_000);
      const view = new DataView(file.buffer);
      let wrong = 0;
      for (let k = 0; k < 1500; k++) {
        for (let sample = 0; sample < 3000; sample += 7) {
          const at = place(layout, 0, sample, 1499 - k);
          if (out[k * 3000 + sample] !== view.getUint16(3 + 2 * at, false)) wrong += 1;
        }
      }
      expect(wrong).toBe(0);
    },
  );
});

describe('readRawWindow stops', () => {
  const reading = (interleave: RawLayout['interleave'], dataType: DataType = 'uint16') => {
    const layout = layoutOf({
      dataType,
      interleave,
      byteOrder: 'little',
      headerOffset: 0,
      lines: 8,
      samples: 5,
      bands: 4,
    });
    const window = { line0: 0, sample0: 1, lines: 8, samples: 3 };
    return { layout, window, bandIndexes: [0, 1, 2, 3] };
  };

  it.each(['bsq', 'bil', 'bip'] as const)('%s: after an abort nothing more is read', async (interleave) => {
    const read = reading(interleave);
    const { source, reads } = recording(fileOf(rawFileBytes(read.layout)));
    const signal = {
      get aborted() {
        return reads.length >= 3;
      },
    };
    const request = { ...read, source };
    const done = readRawWindow(request, rawReadArray(request), { signal });
    await expect(done).rejects.toMatchObject({ code: 'cancelled' });
    expect(reads.length).toBe(3);
  });

  it.each(['bsq', 'bil', 'bip'] as const)(
    '%s: at the end of a file that is too short',
    async (interleave) => {
      const read = reading(interleave);
      const { source, reads } = recording(fileOf(rawFileBytes(read.layout) - 1).subarray(0, 200));
      const request = { ...read, source };
      const done = readRawWindow(request, rawReadArray(request));
      await expect(done).rejects.toMatchObject({ code: 'malformed-file' });
      expect(reads.filter(({ offset, length }) => offset + length > 200).length).toBe(1);
    },
  );
});
