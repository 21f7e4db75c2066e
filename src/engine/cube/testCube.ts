import { plainBand, type BandRecord, type CubeDescription } from './cube.ts';

// For tests only.

/** A band of which the file says only what is given. */
export const testBand = (given: Partial<BandRecord> = {}): BandRecord => ({ ...plainBand, ...given });

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
    geoKeys: null,
    joinIndexes: [],
    defaultBands: null,
    classes: null,
    metadata: {},
    assumptions: [],
    ...given,
  };
}
