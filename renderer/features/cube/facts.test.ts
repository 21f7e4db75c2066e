import { expect, test } from 'vitest';
import type { CubeInfo } from '../../../src/engine/contract/index.ts';
import { factsOf, notesOf, rangesOf } from './facts.ts';

const info = {
  file: 'a.hdr',
  format: 'ENVI',
  images: [],
  lines: 10,
  samples: 20,
  bands: 4,
  dataType: 'int16',
  interleave: 'bil',
  byteOrder: 'little',
  noDataValue: -32768,
  scale: 0.0001,
  offset: null,
  wavelengthsNm: [2445.53, null, 418.24, 500],
  bandIsGood: [true, false, true, true],
  segments: [
    { firstBandIndex: 0, lastBandIndex: 0, direction: 'single', stepNm: null },
    { firstBandIndex: 2, lastBandIndex: 3, direction: 'rising', stepNm: 82 },
  ],
  geoTransform: [0, 30, 0, 0, 0, -30],
  crs: { epsg: 32633, name: null, wkt: 'PROJCS["a"]' },
  assumptions: [{ field: 'byteOrder', value: 'little', why: 'The header does not say.' }],
} as unknown as CubeInfo;

test('facts, and what the file does not say', () => {
  expect(factsOf(info)).toEqual([
    { name: 'Size', value: '10 × 20 × 4' },
    { name: 'Stored as', value: 'int16, BIL, little-endian' },
    { name: 'Format', value: 'ENVI' },
    { name: 'Wavelength', value: '418.24 – 2445.53 nm' },
    { name: 'Scale', value: '0.0001' },
    { name: 'Nodata', value: '\u221232768' },
    { name: 'Map', value: 'EPSG:32633' },
    { name: 'Pixel', value: '30 × 30 m' },
  ]);
  const bare = factsOf({
    ...info,
    scale: null,
    wavelengthsNm: null,
    crs: null,
    geoTransform: null,
    noDataValue: null,
  });
  expect(bare.filter(({ value }) => value === null).map(({ name }) => name)).toEqual([
    'Wavelength',
    'Scale',
    'Nodata',
    'Map',
  ]);
});

test('every assumption is a note, and that there is none is one too', () => {
  expect(notesOf(info).map(({ title }) => title)).toEqual([
    '2 spectral segments.',
    'Bad bands: 2.',
    'Assumed byteOrder: little.',
  ]);
  expect(notesOf({ ...info, assumptions: [] }).at(-1)?.title).toBe('Nothing was assumed.');
  expect(rangesOf([1, 2, 3, 5, 7, 8])).toEqual(['1–3', '5', '7–8']);
});
