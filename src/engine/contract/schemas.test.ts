import { cubeExportSchema, imageExportSchema, spectraExportSchema } from './exports.ts';
import { openOptionsSchema } from './cube.ts';
import {
  bandImageSchema,
  compositeImageSchema,
  filteredImageSchema,
  imageQuerySchema,
  imageText,
} from './images.ts';
import { describe, expect, it } from 'vitest';

const filter = { window: 11, degree: 2, derivative: 2, axis: 'band', edge: 'fit', gap: 'refit' };

const fieldOf = (result: {
  success: boolean;
  error?: { issues: { path: PropertyKey[] }[] } | undefined;
}): string => (result.success ? 'none' : (result.error?.issues[0]?.path.map(String).join('.') ?? '?'));

describe('parameters of a cube', () => {
  const good = { format: 'envi', filter, bandIndexes: [3, 0], interleave: 'bil' };
  it.each([
    ['none', good],
    ['none', { ...good, filter: null, bandIndexes: null, interleave: null }],
    ['format', { ...good, format: 'png' }],
    ['filter.window', { ...good, filter: { ...filter, window: '11' } }],
    ['filter', { ...good, filter: { ...filter, colour: 1 } }],
    ['filter.axis', { ...good, filter: { ...filter, axis: 'time' } }],
    ['bandIndexes', { ...good, bandIndexes: [] }],
    ['bandIndexes.0', { ...good, bandIndexes: [-1] }],
    ['bandIndexes.1', { ...good, bandIndexes: [0, 1.5] }],
    ['interleave', { ...good, interleave: 'bqs' }],
    ['none', { format: 'envi' }],
    ['', { ...good, colour: 1 }],
  ])('%s', (field, parameters) => {
    expect(fieldOf(cubeExportSchema.safeParse(parameters))).toBe(field);
  });
});

describe('parameters of an image', () => {
  const good = { format: 'png', image: { kind: 'band', parameters: { bandIndex: 0 } }, colouring: null };
  it.each([
    ['none', good],
    ['none', { format: 'npy', image: { kind: 'of a room', parameters: [1, 2] } }],
    ['image.kind', { ...good, image: { kind: '', parameters: {} } }],
    ['image', { ...good, image: { kind: 'band', parameters: {}, bandIndex: 0 } }],
    ['colouring.colourMap', { ...good, colouring: { colourMap: 'jet' } }],
    ['colouring.low', { ...good, colouring: { low: Infinity } }],
  ])('%s', (field, parameters) => {
    expect(fieldOf(imageExportSchema.safeParse(parameters))).toBe(field);
  });

  it('limits and colour map that are left open are null', () => {
    const parsed = imageExportSchema.parse({ ...good, colouring: { high: 3 } });
    expect(parsed.colouring).toEqual({ colourMap: null, low: null, high: 3 });
  });
});

it('spectra: from one to ten thousand pixels', () => {
  const at = { line: 0, sample: 0 };
  const of = (count: number): string =>
    fieldOf(spectraExportSchema.safeParse({ format: 'csv', at: new Array(count).fill(at), filter: null }));
  expect([of(0), of(1), of(10_000), of(10_001)]).toEqual(['at', 'none', 'none', 'at']);
});

describe('open options', () => {
  it.each([
    ['none', {}],
    [
      'none',
      { wavelengthsNm: [400, null], bandIsGood: [true, false], noData: '18446744073709551615', crs: null },
    ],
    ['wavelengthsNm.0', { wavelengthsNm: ['red'] }],
    ['bandIsGood', { bandIsGood: [] }],
    ['noData', { noData: true }],
    ['geoTransform', { geoTransform: [1, 2, 3] }],
    ['crs.epsg', { crs: { epsg: 1.5, name: null, wkt: null } }],
    ['', { wavelength: 400 }],
  ])('%s', (field, options) => {
    expect(fieldOf(openOptionsSchema.safeParse(options))).toBe(field);
  });
});

describe('images', () => {
  it.each([
    ['none', bandImageSchema, { bandIndex: 0 }],
    ['bandIndex', bandImageSchema, {}],
    ['bandIndex', bandImageSchema, { bandIndex: -1 }],
    ['filter', filteredImageSchema, { bandIndex: 0 }],
    ['filter', filteredImageSchema, { bandIndex: 0, filter: null }],
    ['none', compositeImageSchema, { bandIndexes: [0, 1, 1] }],
    ['bandIndexes', compositeImageSchema, { bandIndexes: [0, 1] }],
  ] as const)('%s', (field, schema, parameters) => {
    expect(fieldOf(schema.safeParse(parameters))).toBe(field);
  });

  it('have one text in URLs, and come back from it', () => {
    const image = { kind: 'filtered', parameters: { filter: { window: 5, degree: 2 }, bandIndex: 1 } };
    const text = imageText(image);
    expect(text).toBe('{"kind":"filtered","parameters":{"bandIndex":1,"filter":{"degree":2,"window":5}}}');
    expect(imageQuerySchema.parse(text)).toEqual(image);
    expect(imageQuerySchema.safeParse('band').success).toBe(false);
    expect(imageQuerySchema.safeParse('[]').success).toBe(false);
  });
});
