import { describe, expect, it } from 'vitest';
import { readDefaultBands } from './defaultBands.ts';
import { parseGdalMetadata } from './metadataItems.ts';
import { openBytes } from '../geotiff/testFiles.ts';
import { writeTiff, type TestImage } from '../geotiff/testWriter.ts';

const read = (value: string, attributes = 'domain="ENVI"') =>
  readDefaultBands(parseGdalMetadata(`<Item name="default_bands" ${attributes}>${value}</Item>`), 4);

describe('default bands', () => {
  it.each([
    ['{4, 2, 1}', [3, 1, 0]],
    ['{4,2,1}', [3, 1, 0]],
    ['{ 3 }', [2]],
    ['3', [2]],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual({ defaultBands: expected, assumptions: [] });
  });

  it.each(['{5, 2, 1}', '{0}', '{1, 2}', '{1.5}', '{a, b, c}', '', '{}'])(
    '%s is ignored, and said',
    (text) => {
      const { defaultBands, assumptions } = read(text);
      expect(defaultBands).toBeNull();
      expect(assumptions).toMatchObject([{ field: 'default bands', value: 'ignored' }]);
    },
  );

  it('are an item of the ENVI domain and of the whole file', () => {
    for (const attributes of ['', 'domain="OTHER"', 'domain="ENVI" sample="0"']) {
      expect(read('{1}', attributes)).toEqual({ defaultBands: null, assumptions: [] });
    }
  });

  it('go before the colours of an RGB file, and are no further metadata', async () => {
    const image: TestImage = {
      lines: 1,
      samples: 1,
      bands: 4,
      dataType: 'uint8',
      pixels: new Uint8Array(4),
      planar: 'contiguous',
      compression: 'none',
      predictor: 1,
      tags: [{ tag: 262, type: 3, values: [2] }],
    };
    expect((await openBytes(writeTiff([image]))).description.defaultBands).toEqual([0, 1, 2]);
    const items = '<Item name="default_bands" domain="ENVI">{4, 3, 2}</Item><Item name="sensor">x</Item>';
    const tags = [
      ...(image.tags ?? []),
      { tag: 42112, type: 2, values: `<GDALMetadata>${items}</GDALMetadata>` },
    ];
    const { description } = await openBytes(writeTiff([{ ...image, tags }]));
    expect(description.defaultBands).toEqual([3, 2, 1]);
    expect(description.metadata).toEqual({ sensor: 'x' });
  });
});
