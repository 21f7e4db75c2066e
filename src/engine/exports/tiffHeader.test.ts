import fc from 'fast-check';
import { fromArrayBuffer } from 'geotiff';
import { describe, expect, it } from 'vitest';
import { dataTypes, type DataType } from '../base/dataTypes.ts';
import { plainBand } from '../cube/cube.ts';
import { planGeoTiff, type GeoTiffFields, type GeoTiffOptions } from './tiffHeader.ts';

function fieldsOf(part: Partial<GeoTiffFields>): GeoTiffFields {
  return {
    lines: 3,
    samples: 4,
    dataType: 'float32',
    planar: 'separate',
    bandRecords: [plainBand, plainBand],
    wavelengthUnits: null,
    geoTransform: null,
    crs: null,
    metadata: {},
    noData: null,
    ...part,
  };
}

/** Value of a pixel that tells band, line and sample apart. */
const valueAt = (bandIndex: number, line: number, sample: number) => 100 * bandIndex + 10 * line + sample;

/** The whole file, pixels written row by row in reverse order through `offsetOf`. */
function writeFile(
  fields: GeoTiffFields,
  options: GeoTiffOptions,
  set: (view: DataView, at: number, value: number) => void,
) {
  const { header, layout } = planGeoTiff(fields, options);
  const file = new ArrayBuffer(layout.totalBytes);
  new Uint8Array(file).set(header);
  const view = new DataView(file);
  const bands = fields.bandRecords.length;
  const step = layout.bytesPerValue * (layout.planar === 'contiguous' ? bands : 1);
  for (let bandIndex = bands - 1; bandIndex >= 0; bandIndex--) {
    for (let line = fields.lines - 1; line >= 0; line--) {
      const row = layout.offsetOf(bandIndex, line);
      for (let sample = 0; sample < fields.samples; sample++) {
        set(view, row + sample * step, valueAt(bandIndex, line, sample));
      }
    }
  }
  return file;
}

const setters: Partial<Record<DataType, (view: DataView, at: number, value: number) => void>> = {
  uint8: (view, at, value) => view.setUint8(at, value),
  int8: (view, at, value) => view.setInt8(at, value),
  uint16: (view, at, value) => view.setUint16(at, value, true),
  int16: (view, at, value) => view.setInt16(at, value, true),
  uint32: (view, at, value) => view.setUint32(at, value, true),
  int32: (view, at, value) => view.setInt32(at, value, true),
  float16: (view, at, value) => view.setFloat16(at, value, true),
  float32: (view, at, value) => view.setFloat32(at, value, true),
  float64: (view, at, value) => view.setFloat64(at, value, true),
};

// TIFF 6.0 tags 258 and 339, by the specification's own numbers.
const bitsAndFormat: Record<DataType, [bits: number, format: number]> = {
  uint8: [8, 1],
  int8: [8, 2],
  uint16: [16, 1],
  int16: [16, 2],
  uint32: [32, 1],
  int32: [32, 2],
  uint64: [64, 1],
  int64: [64, 2],
  float16: [16, 3],
  float32: [32, 3],
  float64: [64, 3],
  complex64: [64, 6],
  complex128: [128, 6],
};

describe('structure', () => {
  for (const planar of ['separate', 'contiguous'] as const) {
    for (const forceBigTiff of [false, true]) {
      it.each(Object.keys(setters) as DataType[])(
        `${planar}, BigTIFF ${forceBigTiff}: %s pixels come back`,
        async (dataType) => {
          const set = setters[dataType];
          if (set === undefined) throw new Error('no setter');
          const file = writeFile(fieldsOf({ dataType, planar }), { forceBigTiff }, set);
          expect(new DataView(file).getUint16(2, true)).toBe(forceBigTiff ? 43 : 42);
          const image = await (await fromArrayBuffer(file)).getImage();
          expect([image.getHeight(), image.getWidth(), image.getSamplesPerPixel()]).toEqual([3, 4, 2]);
          const rasters = await image.readRasters();
          for (const bandIndex of [0, 1]) {
            const raster = rasters[bandIndex] as unknown as ArrayLike<number>;
            expect(Array.from(raster)).toEqual(
              Array.from({ length: 12 }, (_, i) => valueAt(bandIndex, Math.floor(i / 4), i % 4)),
            );
          }
        },
      );
    }
  }

  it.each(dataTypes)('%s: bits, sample format and plain extra samples', async (dataType) => {
    const { header, layout } = planGeoTiff(
      fieldsOf({ dataType, bandRecords: [plainBand, plainBand, plainBand] }),
    );
    const file = new ArrayBuffer(layout.totalBytes);
    new Uint8Array(file).set(header);
    const directory = (await (await fromArrayBuffer(file)).getImage()).fileDirectory;
    const [bits, format] = bitsAndFormat[dataType];
    expect(Array.from(directory.getValue('BitsPerSample') as ArrayLike<number>)).toEqual([bits, bits, bits]);
    expect(Array.from(directory.getValue('SampleFormat') as ArrayLike<number>)).toEqual([
      format,
      format,
      format,
    ]);
    expect(Array.from(directory.getValue('ExtraSamples') as ArrayLike<number>)).toEqual([0, 0]);
    expect(directory.getValue('PhotometricInterpretation')).toBe(1);
    expect(layout.totalBytes - layout.dataOffset).toBe(3 * 4 * 3 * (bits / 8));
  });

  it('strips hold at most 256 KiB, follow each other and cover all pixels', async () => {
    const fields = fieldsOf({
      lines: 301,
      samples: 1000,
      dataType: 'float32',
      bandRecords: [plainBand, plainBand],
    });
    const { header, layout, rowsPerStrip } = planGeoTiff(fields);
    // 4000 bytes a row: 65 rows are 260 000 bytes, 66 would be 264 000.
    expect(rowsPerStrip).toBe(65);
    const padded = new ArrayBuffer(layout.totalBytes);
    new Uint8Array(padded).set(header);
    const directory = (await (await fromArrayBuffer(padded)).getImage()).fileDirectory;
    const offsets = Array.from((await directory.loadValue('StripOffsets')) as ArrayLike<number>);
    const counts = Array.from((await directory.loadValue('StripByteCounts')) as ArrayLike<number>);
    const plane = [260_000, 260_000, 260_000, 260_000, 164_000];
    expect(counts).toEqual([...plane, ...plane]);
    expect(offsets[0]).toBe(layout.dataOffset);
    expect(offsets[5]).toBe(layout.offsetOf(1, 0));
    expect(offsets[6]).toBe(layout.offsetOf(1, 65));
    expect((offsets[9] ?? 0) + (counts[9] ?? 0)).toBe(layout.totalBytes);
  });

  it('turns to BigTIFF by itself above 4.2 GB, with exact positions', () => {
    // 224 bands of 3000 x 2000 float32 are 5 376 000 000 bytes.
    const bandRecords = Array.from({ length: 224 }, () => plainBand);
    const { header, layout, isBigTiff } = planGeoTiff(fieldsOf({ lines: 3000, samples: 2000, bandRecords }));
    expect(isBigTiff).toBe(true);
    expect(new DataView(header.buffer).getUint16(2, true)).toBe(43);
    expect(layout.totalBytes - layout.dataOffset).toBe(5_376_000_000);
    expect(layout.offsetOf(223, 2999) + 2000 * 4).toBe(layout.totalBytes);
    expect(planGeoTiff(fieldsOf({ lines: 1000, samples: 1000, bandRecords })).isBigTiff).toBe(false);
  });

  it('keeps the header small for very large images', () => {
    const bandRecords = Array.from({ length: 224 }, () => plainBand);
    const { header } = planGeoTiff(fieldsOf({ lines: 50_000, samples: 50_000, bandRecords }));
    expect(header.length).toBeLessThan(16_000_000);
  });

  it('positions of different values never meet, and all lie inside the file', () => {
    const size = fc.integer({ min: 1, max: 9 });
    const planars = fc.constantFrom('separate' as const, 'contiguous' as const);
    fc.assert(
      fc.property(
        size,
        size,
        size,
        planars,
        fc.constantFrom(...dataTypes),
        (lines, samples, bands, planar, dataType) => {
          const bandRecords = Array.from({ length: bands }, () => plainBand);
          const { header, layout } = planGeoTiff(fieldsOf({ lines, samples, bandRecords, planar, dataType }));
          expect(header.length).toBe(layout.dataOffset);
          expect(layout.dataOffset % 16).toBe(0);
          const step = layout.bytesPerValue * (planar === 'contiguous' ? bands : 1);
          const seen = new Set<number>();
          for (let bandIndex = 0; bandIndex < bands; bandIndex++) {
            for (let line = 0; line < lines; line++) {
              expect(layout.offsetOf(bandIndex, line)).toBe(
                layout.dataOffset + bandIndex * layout.bandStride + line * layout.lineStride,
              );
              for (let sample = 0; sample < samples; sample++) {
                seen.add(layout.offsetOf(bandIndex, line) + sample * step);
              }
            }
          }
          expect(seen.size).toBe(lines * samples * bands);
          expect(Math.min(...seen)).toBe(layout.dataOffset);
          expect(Math.max(...seen) + layout.bytesPerValue).toBe(layout.totalBytes);
        },
      ),
    );
  });

  it.each([
    ['lines', { lines: 0 }],
    ['samples', { samples: 1.5 }],
    ['lines', { lines: 2 ** 31 }],
    ['bands', { bandRecords: [] }],
    ['samples', { samples: 2 ** 30 }],
    [
      'lines',
      {
        lines: 2 ** 31 - 1,
        samples: 2 ** 29 - 1,
        bandRecords: Array.from({ length: 60_000 }, () => plainBand),
      },
    ],
  ] satisfies [string, Partial<GeoTiffFields>][])('refuses absurd %s', (field, part) => {
    expect(() => planGeoTiff(fieldsOf(part))).toThrow(
      expect.objectContaining({ code: 'out-of-range', place: expect.objectContaining({ field }) as unknown }),
    );
  });

  it('refuses positions outside the image', () => {
    const { layout } = planGeoTiff(fieldsOf({}));
    expect(() => layout.offsetOf(2, 0)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
    expect(() => layout.offsetOf(0, 3)).toThrow(expect.objectContaining({ code: 'out-of-range' }));
  });
});

describe('nodata', () => {
  async function noDataText(part: Partial<GeoTiffFields>) {
    const { header, layout, warnings } = planGeoTiff(fieldsOf(part));
    const file = new ArrayBuffer(layout.totalBytes);
    new Uint8Array(file).set(header);
    const directory = (await (await fromArrayBuffer(file)).getImage()).fileDirectory;
    const text = directory.hasTag('GDAL_NODATA') ? String(await directory.loadValue('GDAL_NODATA')) : null;
    return { text: text === null ? null : text.replace('\0', ''), warnings };
  }

  it('writes the stated value, or the bands', async () => {
    expect(await noDataText({})).toEqual({ text: null, warnings: [] });
    expect(await noDataText({ noData: -32768, dataType: 'int16' })).toEqual({ text: '-32768', warnings: [] });
    expect(await noDataText({ noData: NaN })).toEqual({ text: 'nan', warnings: [] });
    expect(await noDataText({ noData: 18446744073709551615n, dataType: 'uint64' })).toEqual({
      text: '18446744073709551615',
      warnings: [],
    });
    const nan = { ...plainBand, noData: NaN };
    expect(await noDataText({ bandRecords: [nan, nan] })).toEqual({ text: 'nan', warnings: [] });
  });

  it("says so where the bands' values differ", async () => {
    const bandRecords = [
      { ...plainBand, noData: -9999 },
      { ...plainBand, noData: 0 },
    ];
    const { text, warnings } = await noDataText({ bandRecords });
    expect(text).toBe('-9999');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('-9999');
  });
});

describe('classes in a GeoTIFF', () => {
  const classes = [
    { name: 'none', rgb: [0, 0, 0] as const },
    { name: 'Tree & shrub', rgb: [40, 255, 1] as const },
  ];
  const header = (part: Partial<GeoTiffFields>): ReturnType<typeof planGeoTiff> =>
    planGeoTiff(fieldsOf({ bandRecords: [plainBand], dataType: 'uint8', classes, ...part }));

  it('are its palette and an item of its metadata', async () => {
    const file = writeFile(
      fieldsOf({ bandRecords: [plainBand], dataType: 'uint8', classes, noData: 0 }),
      {},
      (view, at) => view.setUint8(at, 1),
    );
    const image = await (await fromArrayBuffer(file)).getImage();
    expect(image.fileDirectory.getValue('PhotometricInterpretation')).toBe(3);
    const palette = (await image.fileDirectory.loadValue('ColorMap')) as ArrayLike<number>;
    expect([palette.length, palette[1], palette[257], palette[513]]).toEqual([768, 40 * 257, 65_535, 257]);
    expect(new TextDecoder().decode(file)).toContain('name="CLASS_NAMES"');
    expect(header({}).warnings).toEqual([]);
  });

  it('have no colours where no palette goes with the image', () => {
    const { warnings } = header({ dataType: 'uint16' });
    expect(warnings).toEqual([
      'The class colours are not written: a GeoTIFF holds them for one band of uint8, not uint16. An ENVI file (.dat) keeps them.',
    ]);
  });
});
