import { fromArrayBuffer } from 'geotiff';
import { expect, it } from 'vitest';
import { testBand, testDescription } from '../cube/testCube.ts';
import { planOutput } from './outputImage.ts';

const source = testDescription({ lines: 1, samples: 1, bandRecords: [testBand()] });

it.each([
  [4087, 'ProjectedCSTypeGeoKey', 1],
  [32633, 'ProjectedCSTypeGeoKey', 1],
  [7844, 'GeographicTypeGeoKey', 2],
  [4326, 'GeographicTypeGeoKey', 2],
])('a system known by its code alone (%i) goes under %s', async (epsg, key, model) => {
  const plan = await planOutput('geotiff', {
    source: { ...source, crs: { epsg, name: null, wkt: null } },
    dataType: 'uint8',
    interleave: 'bsq',
    bandRecords: source.bandRecords,
    defaultBands: null,
    classes: null,
    keepsGeoKeys: true,
  });
  const file = new ArrayBuffer(plan.header.length + 1);
  new Uint8Array(file).set(plan.header);
  const image = await (await fromArrayBuffer(file)).getImage();
  expect(image.getGeoKeys()).toEqual({ GTModelTypeGeoKey: model, GTRasterTypeGeoKey: 1, [key]: epsg });
});
