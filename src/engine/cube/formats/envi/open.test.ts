import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../base/dataTypes.ts';
import { CubelensError } from '../../../base/errors.ts';
import type { OpenedCube } from '../../cube.ts';
import { testNeighbourhood, type TestFiles } from '../testNeighbourhood.ts';
import { enviFormat } from './open.ts';
import { headerText } from './testHeader.ts';

async function openWith(changes: Record<string, string | undefined>, size = 24): Promise<OpenedCube> {
  return open('x.hdr', { 'x.hdr': headerText(changes), 'x.dat': { size } });
}

const open = (name: string, files: TestFiles): Promise<OpenedCube> =>
  enviFormat.open(testNeighbourhood(name, files), {});

async function errorOf(work: Promise<unknown>): Promise<CubelensError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof CubelensError) return error;
  throw new Error(`no CubelensError but ${String(error)}`);
}

const assumed = (cube: OpenedCube): string[] =>
  cube.description.assumptions.map(({ field, value }) => `${field}: ${value}`);

describe('a complete header', () => {
  it('says everything and assumes nothing', async () => {
    const cube = await openWith({
      'wavelength units': 'Nanometers',
      wavelength: '{450, 550.5, 650, 850}',
      fwhm: '{10, 10, 12, 20}',
      bbl: '{1, 1, 0, 1}',
      'band names': '{blue, green, red, near infrared}',
      'default bands': '{3, 2, 1}',
      'data ignore value': '255',
      'reflectance scale factor': '10000',
      description: '{\n A cube.}',
      'sensor type': 'AVIRIS',
      'acquisition time': '2022-07-24T10:45:26Z',
    });
    const { description, layout, files } = cube;
    expect(description).toMatchObject({
      file: 'x.dat',
      format: 'ENVI',
      images: [{ imageId: '0', name: 'x', lines: 2, samples: 3, bands: 4 }],
      lines: 2,
      samples: 3,
      bands: 4,
      dataType: 'uint8',
      interleave: 'bsq',
      byteOrder: 'little',
      headerOffset: 0,
      wavelengthUnits: 'Nanometers',
      geoTransform: null,
      crs: null,
      defaultBands: [2, 1, 0],
      classes: null,
      metadata: {
        description: 'A cube.',
        'sensor type': 'AVIRIS',
        'acquisition time': '2022-07-24T10:45:26Z',
      },
      assumptions: [],
    });
    expect(description.bandRecords[2]).toEqual({
      name: 'red',
      wavelengthNm: 650,
      fwhmNm: 12,
      good: false,
      noData: 255,
      scale: 1 / 10000,
      offset: null,
      unit: 'reflectance',
      time: '2022-07-24T10:45:26Z',
    });
    expect(layout).toEqual({
      kind: 'raw',
      source: files[0],
      dataType: 'uint8',
      byteOrder: 'little',
      interleave: 'bsq',
      headerOffset: 0,
      lines: 2,
      samples: 3,
      bands: 4,
    });
    expect(files.map(({ name }) => name)).toEqual(['x.dat', 'x.hdr']);
  });
});

describe('data types', () => {
  it.each([
    ['1', 'uint8', 1],
    ['2', 'int16', 2],
    ['3', 'int32', 4],
    ['4', 'float32', 4],
    ['5', 'float64', 8],
    ['6', 'complex64', 8],
    ['9', 'complex128', 16],
    ['12', 'uint16', 2],
    ['13', 'uint32', 4],
    ['14', 'int64', 8],
    ['15', 'uint64', 8],
  ] as const)('%s is %s of %d bytes', async (code, type, bytes) => {
    const cube = await openWith({ 'data type': code, 'byte order': '1' }, 24 * bytes);
    expect(cube.description.dataType).toBe(type);
    expect(cube.description.byteOrder).toBe('big');
    expect(bytesOf(type)).toBe(bytes);
    expect(cube.description.assumptions).toEqual([]);
    expect((await errorOf(openWith({ 'data type': code }, 24 * bytes - 1))).code).toBe('malformed-file');
  });

  it.each(['0', '7', '8', '10', '11', '16', '99'])('%s is refused', async (code) => {
    const error = await errorOf(openWith({ 'data type': code }));
    expect(error.code).toBe('unsupported-format');
    expect(error.place).toMatchObject({ file: 'x.hdr', field: 'data type' });
  });

  it.each([
    [24, 'uint8', 'only this type fits'],
    [48, 'uint16', 'as would int16'],
    [96, 'float32', 'as would int32, uint32'],
    [192, 'float64', 'as would int64, uint64, complex64'],
    [384, 'complex128', 'only this type fits'],
    [30, 'uint8', 'fits none exactly'],
  ])('a file of %d bytes without a data type is read as %s', async (size, type, why) => {
    const { dataType, assumptions } = (await openWith({ 'data type': undefined }, size)).description;
    expect(dataType).toBe(type);
    expect(assumptions.find(({ field }) => field === 'data type')?.why).toContain(why);
  });
});

describe('fields that are left out', () => {
  it.each([
    ['byte order', 'little'],
    ['interleave', 'bsq'],
    ['header offset', '0'],
  ])('%s is %s, and said so', async (field, value) => {
    expect(assumed(await openWith({ [field]: undefined }))).toEqual([`${field}: ${value}`]);
    expect(assumed(await openWith({ [field]: '' }))).toEqual([`${field}: ${value}`]);
  });

  it('takes the interleave from the name', async () => {
    const header = headerText({ interleave: undefined });
    expect((await open('x.hdr', { 'x.hdr': header, 'x.BIP': { size: 24 } })).layout).toMatchObject({
      interleave: 'bip',
    });
    expect((await open('x.bil', { 'x.hdr': header, 'x.bil': { size: 24 } })).layout).toMatchObject({
      interleave: 'bil',
    });
  });

  it('reads a header with sizes and type only', async () => {
    const cube = await open('x.hdr', {
      'x.hdr': 'ENVI\nsamples=3\nlines=2\nbands=4\ndata type=1',
      x: { size: 24 },
    });
    expect(assumed(cube)).toEqual(['header offset: 0', 'byte order: little', 'interleave: bsq']);
  });

  it.each(['samples', 'lines', 'bands'])('%s must be there', async (field) => {
    const error = await errorOf(openWith({ [field]: undefined }));
    expect(error.code).toBe('malformed-file');
    expect(error.place).toMatchObject({ file: 'x.hdr', field });
  });

  it.each([
    ['samples', 'three'],
    ['lines', '0'],
    ['bands', '-1'],
    ['bands', '65537'],
    ['header offset', '-5'],
    ['byte order', '2'],
    ['interleave', 'tiled'],
    ['data type', 'float'],
  ])('%s = %s is malformed', async (field, value) => {
    const error = await errorOf(openWith({ [field]: value }));
    expect(error.code).toBe('malformed-file');
    expect(error.place).toMatchObject({ file: 'x.hdr', field });
    expect(error.place.row).toBeGreaterThan(1);
  });
});

describe('size of the data file', () => {
  it('names what is needed and what is there', async () => {
    const error = await errorOf(openWith({ 'header offset': '100' }, 123));
    expect(error.code).toBe('malformed-file');
    expect(error.message).toContain('need 124 bytes, the file has 123');
    expect(error.place).toMatchObject({ file: 'x.dat', byte: 123 });
  });

  it('ignores trailing bytes and says so', async () => {
    expect(assumed(await openWith({}, 30))).toEqual(['file size: 6 bytes ignored']);
  });

  it('counts beyond 32 bits', async () => {
    const sizes = { samples: '100000', lines: '100000', bands: '400', 'data type': '4' };
    expect((await openWith(sizes, 16e12)).layout).toMatchObject({ lines: 100000, bands: 400 });
    expect((await errorOf(openWith(sizes, 16e12 - 1))).message).toContain('16000000000000');
  });

  it('refuses sizes beyond any file', async () => {
    const error = await errorOf(openWith({ samples: '9007199254740991', lines: '9007199254740991' }));
    expect(error.code).toBe('malformed-file');
    expect(error.message).toContain('more than any file has');
  });
});

describe('kinds of file that are no plain cube', () => {
  it.each([
    [{ 'file compression': '1' }, 'file compression'],
    [{ 'major frame offsets': '{0, 128}' }, 'major frame offsets'],
    [{ 'minor frame offsets': '{8, 0}' }, 'minor frame offsets'],
    [{ 'file type': 'ENVI Spectral Library' }, 'file type'],
    [{ 'file type': 'ENVI Meta File' }, 'file type'],
    [{ 'file type': 'envi virtual mosaic' }, 'file type'],
    [{ 'file type': 'TIFF' }, 'file type'],
  ])('%o', async (changes, field) => {
    const error = await errorOf(openWith(changes));
    expect(error.code).toBe('unsupported-format');
    expect(error.place).toMatchObject({ file: 'x.hdr', field });
    expect(error.place.remedy).toBeTypeOf('string');
  });

  it('says of a library that it is not a cube', async () => {
    expect((await errorOf(openWith({ 'file type': 'ENVI Spectral Library' }))).message).toContain(
      'not a cube',
    );
  });

  it('opens files that state these fields as nothing', async () => {
    const cube = await openWith({
      'file compression': '0',
      'major frame offsets': '{0, 0}',
      'minor frame offsets': '{0, 0}',
    });
    expect(cube.description.assumptions).toEqual([]);
  });
});

describe('pairs of files', () => {
  const header = headerText();
  const data = { size: 24 };
  it.each([
    ['x.hdr', 'x'],
    ['x.hdr', 'x.dat'],
    ['x.hdr', 'x.img'],
    ['x.hdr', 'x.raw'],
    ['x.hdr', 'x.bsq'],
    ['x.hdr', 'x.BIL'],
    ['x.hdr', 'X.DAT'],
    ['x.HDR', 'x.dat'],
    ['x.dat.hdr', 'x.dat'],
    ['x.dat.HDR', 'X.dat'],
    ['x.tif.hdr', 'x.tif'],
    ['scene.v2.hdr', 'scene.v2'],
    ['scene.v2.hdr', 'scene.v2.img'],
    ['x.hdr', 'x.lan'],
  ])('%s and %s, whichever is chosen', async (headerName, dataName) => {
    const files = {
      [headerName]: header,
      [dataName]: data,
      'y.dat': data,
      'y.hdr': header,
      'notes.txt': 'x',
    };
    for (const chosen of [headerName, dataName]) {
      const cube = await open(chosen, files);
      expect(cube.files.map(({ name }) => name)).toEqual([dataName, headerName]);
      expect(await enviFormat.recognises(testNeighbourhood(chosen, files), new Uint8Array(8))).toBe(true);
    }
  });

  it('takes the data file whose size fits', async () => {
    const files = {
      'x.hdr': header,
      'x.dat': { size: 23 },
      'x.img': { size: 30 },
      'x.raw': data,
      'x.txt': data,
    };
    expect((await open('x.hdr', files)).files[0]?.name).toBe('x.raw');
    const larger = { 'x.hdr': header, 'x.dat': { size: 23 }, 'x.img': { size: 30 } };
    expect((await open('x.hdr', larger)).files[0]?.name).toBe('x.img');
  });

  it('takes the header whose size fits', async () => {
    const files = { 'x.hdr': header, 'x.dat.hdr': headerText({ bands: '5' }), 'x.dat': data };
    expect((await open('x.dat', files)).files[1]?.name).toBe('x.hdr');
    const swapped = { 'x.hdr': header, 'x.dat.hdr': 'no header', 'x.dat': data };
    expect((await open('x.dat', swapped)).files[1]?.name).toBe('x.hdr');
  });

  it('reads a header under any name by its first line', async () => {
    const cube = await open('x.header', { 'x.header': header, 'x.dat': data });
    expect(cube.files.map(({ name }) => name)).toEqual(['x.dat', 'x.header']);
  });

  it('passes over files that were not granted', async () => {
    const files = { 'x.hdr': header, 'x.dat': data, 'x.raw': data };
    const cube = await enviFormat.open(testNeighbourhood('x.hdr', files, ['x.dat']), {});
    expect(cube.files[0]?.name).toBe('x.raw');
  });

  it('says what is missing', async () => {
    const alone = await errorOf(open('x.hdr', { 'x.hdr': header, 'x.txt': 'x', 'x.dat.aux.xml': 'x' }));
    expect(alone.code).toBe('not-found');
    expect(alone.place.remedy).toContain('x.img');
    const noHeader = await errorOf(open('x.dat', { 'x.dat': data }));
    expect(noHeader.code).toBe('not-found');
    expect(noHeader.place.remedy).toContain('x.dat.hdr');
  });

  it('says of an ESRI header what it is, whichever file is chosen', async () => {
    const files = { 'x.hdr': 'BYTEORDER I\nNROWS 2\nNCOLS 3\n', 'x.bil': data };
    expect((await errorOf(open('x.hdr', files))).message).toContain('ESRI');
    expect((await errorOf(open('x.bil', files))).message).toContain('ESRI');
    expect(await enviFormat.recognises(testNeighbourhood('x.bil', files), new Uint8Array(8))).toBe(false);
    expect(await enviFormat.recognises(testNeighbourhood('x.hdr', files), new Uint8Array(8))).toBe(true);
  });

  it('leaves sidecars of TIFF files to their format', async () => {
    const files = { 'x.hdr': headerText({ 'file type': 'TIFF' }), 'x.tif': data };
    const head = new Uint8Array([0x49, 0x49, 42, 0]);
    expect(await enviFormat.recognises(testNeighbourhood('x.tif', files), head)).toBe(false);
    expect(await enviFormat.recognises(testNeighbourhood('x.hdr', files), new Uint8Array(0))).toBe(false);
    expect((await errorOf(open('x.hdr', files))).place.remedy).toContain('.tif');
  });

  it('is not misled by pixels that look like a TIFF', async () => {
    const head = new Uint8Array([0x49, 0x49, 42, 0]);
    expect(
      await enviFormat.recognises(testNeighbourhood('x.dat', { 'x.hdr': header, 'x.dat': data }), head),
    ).toBe(true);
  });

  it('has one image', async () => {
    const files = testNeighbourhood('x.hdr', { 'x.hdr': header, 'x.dat': data });
    expect((await enviFormat.open(files, { imageId: '0' })).description.imageId).toBe('0');
    expect((await enviFormat.open(files, { imageId: 'x' })).description.imageId).toBe('0');
    const error = await errorOf(enviFormat.open(files, { imageId: '1' }));
    expect(error).toMatchObject({ code: 'invalid-request', place: { remedy: 'Its images: 0 (x).' } });
  });

  it('names classes by number where the header has no names, and says so', async () => {
    const files = { 'x.hdr': headerText({ classes: '3' }), 'x.dat': data };
    const { description } = await open('x.hdr', files);
    expect(description.classes?.map((one) => one.name)).toEqual(['Class 0', 'Class 1', 'Class 2']);
    expect(description.assumptions).toContainEqual(
      expect.objectContaining({ field: 'class names', value: 'Class 0 to Class 2' }),
    );
  });

  it('says which of two fields with one key counts, where they differ', async () => {
    const text = `${headerText({ 'wavelength units': 'nm' })}Wavelength_Units = um\nbands = 4\n`;
    const { description } = await open('x.hdr', { 'x.hdr': text, 'x.dat': data });
    expect(description.wavelengthUnits).toBe('um');
    expect(description.assumptions.filter(({ why }) => why.includes('more than once'))).toEqual([
      {
        field: 'wavelength units',
        value: 'as in row 11',
        why: 'The header states it more than once; row 10 did not count.',
      },
    ]);
  });

  it('takes wavelengths of 0 and below as unknown', async () => {
    const text = headerText({ wavelength: '{-1, 500, 0, 520}' });
    const { description } = await open('x.hdr', { 'x.hdr': text, 'x.dat': data });
    expect(description.bandRecords.map((band) => band.wavelengthNm)).toEqual([null, 500, null, 520]);
    expect(description.assumptions.map(({ field }) => field)).toEqual(['wavelength units', 'wavelength']);
  });

  it('stops where it is cancelled', async () => {
    const files = testNeighbourhood('x.hdr', { 'x.hdr': header, 'x.dat': data });
    expect((await errorOf(enviFormat.open(files, {}, { signal: { aborted: true } }))).code).toBe('cancelled');
  });
});
