import type { BandRecord, CubeDescription } from './cube.ts';

// For tests only.

const emptyBand: BandRecord = {
  name: null,
  wavelengthNm: null,
  fwhmNm: null,
  good: true,
  noData: null,
  scale: null,
  offset: null,
  unit: null,
  time: null,
};

/** A band of which the file says only what is given. */
export const testBand = (given: Partial<BandRecord> = {}): BandRecord => ({ ...emptyBand, ...given });

/** A cube of 4 lines x 5 samples x as many bands as records (3 plain ones unless given). */
export function testDescription(given: Partial<CubeDescription> = {}): CubeDescription {
  const bandRecords = given.bandRecords ?? [testBand(), testBand(), testBand()];
  const bands = bandRecords.length;
  return {
    file: 'x.dat',
    format: 'ENVI',
    images: [{ imageId: '0', name: 'x', lines: 4, samples: 5, bands }],
    imageId: '0',
    lines: 4,
    samples: 5,
    bands,
    dataType: 'uint16',
    interleave: 'bsq',
    byteOrder: 'little',
    headerOffset: 0,
    bandRecords,
    wavelengthUnits: null,
    geoTransform: null,
    crs: null,
    defaultBands: null,
    classes: null,
    metadata: {},
    assumptions: [],
    ...given,
  };
}
