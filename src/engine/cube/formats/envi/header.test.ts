import { describe, expect, it } from 'vitest';
import { CubelensError } from '../../../base/errors.ts';
import { parseNumber } from '../../../base/parseNumber.ts';
import { entriesOf, numbersOf, textOf, wholeNumberOf } from './fields.ts';
import { maxHeaderBytes, parseEnviHeader, startsAsEnvi, type EnviHeader } from './header.ts';
import { knownKeys } from './keys.ts';

const parse = (text: string): EnviHeader => parseEnviHeader(new TextEncoder().encode(text), 'x.hdr');

function errorOf(run: () => unknown): CubelensError {
  try {
    run();
  } catch (error) {
    if (error instanceof CubelensError) return error;
  }
  throw new Error('no CubelensError was thrown');
}

describe('form of the text', () => {
  it.each([
    ['plain', 'ENVI\nsamples = 4\n'],
    ['no line end at the end', 'ENVI\nsamples = 4'],
    ['CR LF', 'ENVI\r\nsamples = 4\r\n'],
    ['CR alone', 'ENVI\rsamples = 4\r'],
    ['byte order mark', '\uFEFFENVI\nsamples = 4'],
    ['blanks around', ' ENVI \n   samples=4   '],
    ['tabs', 'ENVI\n\tsamples\t=\t4'],
    ['capitals', 'envi\nSAMPLES = 4'],
    ['in braces', 'ENVI\nsamples = {4}'],
    ['after a comment', 'ENVI\n; samples = 7\nsamples = 4'],
    ['after junk', 'ENVI\njunk\n\n= 9\nsamples = 4'],
    ['the last one counts', 'ENVI\nsamples = 7\nsamples = 4'],
  ])('%s', (_, text) => {
    expect(wholeNumberOf(parse(text), 'samples', 1)).toBe(4);
  });

  it('reads UTF-8, else Latin-1', () => {
    expect(textOf(parse('ENVI\nwavelength units = µm'), 'wavelength units')).toBe('µm');
    const latin1 = Buffer.from('ENVI\nwavelength units = µm', 'latin1');
    expect(textOf(parseEnviHeader(latin1, 'x.hdr'), 'wavelength units')).toBe('µm');
  });

  it('keeps the row and the spelling of each field', () => {
    const field = parse('ENVI\n; comment\nBand_Names = {\n a,\n b}\nLines = 3').fields;
    expect(field.get('band names')).toEqual({ spelling: 'Band_Names', text: 'a,\n b', isList: true, row: 3 });
    expect(field.get('lines')).toEqual({ spelling: 'Lines', text: '3', isList: false, row: 6 });
  });
});

describe('keys', () => {
  it.each([
    ['data type', 'data type'],
    ['Data_Type', 'data type'],
    ['data  type', 'data type'],
    ['datatype', 'data type'],
    ['headeroffset', 'header offset'],
    ['wavelengths', 'wavelength'],
    ['wavelength_unts', 'wavelength units'],
    ['Wavelength Unit', 'wavelength units'],
    ['solar_irradiance', 'solar irradiance'],
    ['__proto__', 'proto'],
    ['constructor', 'constructor'],
  ])('%s is %s', (spelling, key) => {
    expect([...parse(`ENVI\n${spelling} = 1`).fields.keys()]).toEqual([key]);
  });

  it.each(knownKeys)('%s is itself', (key) => {
    expect(parse(`ENVI\n${key.toUpperCase()} = 1`).fields.get(key)?.text).toBe('1');
  });

  it('takes the right spelling before a wrong one', () => {
    expect(textOf(parse('ENVI\nwavelength = 1\nwavelengths = 2'), 'wavelength')).toBe('1');
    expect(textOf(parse('ENVI\nwavelengths = 2\nwavelength = 1'), 'wavelength')).toBe('1');
  });
});

describe('lists', () => {
  it.each([
    ['on one line', '{1, 2, 3}'],
    ['without blanks', '{1,2,3}'],
    ['one a line', '{\n1,\n2,\n3\n}'],
    ['brace on its own line', '{\n 1, 2,\n 3\n }'],
    ['comments inside', '{\n1,\n; 99,\n  ; }\n2, 3}'],
    ['CR LF', '{\r\n 1, 2,\r\n 3}'],
    ['a comma too many', '{1, 2, 3,}'],
    ['text after the brace', '{1, 2, 3} ; three of them'],
    ['no commas at line ends', '{1, 2\n3}'],
    ['NumPy', '[1. 2.\n 3.]'],
    ['NumPy with commas', '[1., 2., 3.]'],
    ['no braces', '1, 2, 3'],
    ['exponents', '{1e0, 0.2E1, 3.0d+00}'],
  ])('%s', (_, list) => {
    const header = parse(`ENVI\nfwhm = ${list}\nlines = 7`);
    expect(numbersOf(header, 'fwhm')).toEqual([1, 2, 3]);
    expect(wholeNumberOf(header, 'lines', 1)).toBe(7);
  });

  it('keeps braces that pair up, and ends at the first where they do not', () => {
    const paired = parse('ENVI\ndescription = {a {b} c}\nlines = 7');
    expect(textOf(paired, 'description')).toBe('a {b} c');
    expect(wholeNumberOf(paired, 'lines', 1)).toBe(7);
    const single = parse('ENVI\ndescription = {a { b}\nlines = 7');
    expect(textOf(single, 'description')).toBe('a { b');
    expect(wholeNumberOf(single, 'lines', 1)).toBe(7);
  });

  it('keeps font codes of plot titles', () => {
    const header = parse('ENVI\nz plot titles = {Wavelength (!7l!3m), [!7l!3m]!N}');
    expect(header.fields.get('z plot titles')?.text).toBe('Wavelength (!7l!3m), [!7l!3m]!N');
  });

  it('takes an open bracket as text where nothing closes it', () => {
    const header = parse('ENVI\nsensor type = [abc\nlines = 7');
    expect(textOf(header, 'sensor type')).toBe('[abc');
    expect(wholeNumberOf(header, 'lines', 1)).toBe(7);
  });

  it('gives null for what is no number, and for empty values', () => {
    const header = parse('ENVI\nwavelength = {1, two, , 4}\nfwhm = {}\nbbl =');
    expect(numbersOf(header, 'wavelength')).toEqual([1, null, null, 4]);
    expect(numbersOf(header, 'fwhm')).toBeNull();
    expect(numbersOf(header, 'bbl')).toBeNull();
  });

  it('joins names over line ends', () => {
    expect(entriesOf(parse('ENVI\nband names = {Band\n 1, Band 2,\nBand 3}'), 'band names')).toEqual([
      'Band 1',
      'Band 2',
      'Band 3',
    ]);
  });

  it('reads 1500 wavelengths on one line', () => {
    const values = Array.from({ length: 1500 }, (_, index) => 400 + index * 0.123456789);
    const header = parse(`ENVI\nwavelength = {${values.join(', ')}}\ndata ignore value = -1`);
    expect(numbersOf(header, 'wavelength')).toEqual(values);
    expect(textOf(header, 'data ignore value')).toBe('-1');
  });
});

describe('numbers', () => {
  it.each([
    ['1', 1],
    ['-1.5', -1.5],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['1D-3', 0.001],
    ['nan', NaN],
    ['-NaN', NaN],
    ['1.#QNAN', NaN],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['', null],
    ['0x10', null],
    ['1,5', null],
    ['12 nm', null],
    ['one', null],
    ['.', null],
    ['e5', null],
    ['1'.repeat(1000), null],
  ])('%s is %s', (text, value) => {
    expect(parseNumber(text)).toEqual(value);
  });
});

describe('errors name file, row and field', () => {
  it('text where numbers belong', () => {
    const error = errorOf(() => wholeNumberOf(parse('ENVI\n\nsamples = many'), 'samples', 1));
    expect(error.code).toBe('malformed-file');
    expect(error.place).toMatchObject({ file: 'x.hdr', field: 'samples', row: 3 });
    expect(error.message).toContain('"many"');
    expect(error.place.remedy).toBeTypeOf('string');
  });

  it.each(['0', '-4', '4.5', '1e300', 'nan', '9007199254740992'])('%s samples', (text) => {
    expect(errorOf(() => wholeNumberOf(parse(`ENVI\nsamples = ${text}`), 'samples', 1)).code).toBe(
      'malformed-file',
    );
  });

  it('a list without an end', () => {
    const error = errorOf(() => parse('ENVI\nlines = 1\nwavelength = {1,\n2'));
    expect(error.code).toBe('malformed-file');
    expect(error.place).toMatchObject({ file: 'x.hdr', field: 'wavelength', row: 3 });
  });

  it('an ESRI header', () => {
    const error = errorOf(() => parse('BYTEORDER I\nLAYOUT BIL\nNROWS 10\nNCOLS 10\nNBANDS 1\nNBITS 8\n'));
    expect(error.code).toBe('unsupported-format');
    expect(error.message).toContain('ESRI');
    expect(error.place.remedy).toContain('gdal_translate');
  });

  it('another text, and no text at all', () => {
    expect(errorOf(() => parse('hello = world')).code).toBe('unsupported-format');
    expect(errorOf(() => parse('')).code).toBe('unsupported-format');
    expect(errorOf(() => parse('ENVIRONMENT\nsamples = 1')).code).toBe('unsupported-format');
    const binary = errorOf(() => parseEnviHeader(new Uint8Array([69, 78, 86, 73, 10, 0, 1]), 'x.hdr'));
    expect(binary.code).toBe('malformed-file');
    expect(binary.place.byte).toBe(5);
  });

  it('more than 16 MiB', () => {
    const error = errorOf(() => parseEnviHeader(new Uint8Array(maxHeaderBytes + 1).fill(32), 'x.hdr'));
    expect(error.code).toBe('malformed-file');
    expect(error.message).toContain('16777216');
  });
});

describe('startsAsEnvi', () => {
  it.each([
    ['ENVI\n', true],
    ['ENVI', true],
    ['\uFEFFENVI\r\n', true],
    ['ENVI description', false],
    ['II*', false],
    ['', false],
  ])('%j', (text, is) => {
    expect(startsAsEnvi(text)).toBe(is);
    expect(startsAsEnvi(new TextEncoder().encode(text))).toBe(is);
  });
});

describe('lists without a closing brace', () => {
  const open = 'ENVI\ndescription = {scan 1\n; a comment\nof two lines\nWavelength_Units = nm\n';

  it('end before a known key, whatever its spelling', () => {
    const { fields } = parse(`${open}wavelength = {1, 2}\nbands = 2\n`);
    expect(fields.get('description')).toMatchObject({
      text: 'scan 1\nof two lines',
      row: 2,
      endedBy: { key: 'Wavelength_Units', row: 5 },
    });
    expect(fields.get('wavelength')?.text).toBe('1, 2');
    expect(fields.get('bands')?.text).toBe('2');
  });

  it('keep known keys in texts whose braces pair up', () => {
    const { fields } = parse('ENVI\ndescription = {\nbands = 3 of {5}\n}\nbands = 2\n');
    expect(fields.get('description')?.text).toBe('bands = 3 of {5}');
    expect(fields.get('bands')).toMatchObject({ text: '2' });
  });

  it('do not stop later lists from having braces inside', () => {
    const { fields } = parse(`${open}band names = {a {x}, b}\nbands = 2\n`);
    expect(fields.get('band names')?.text).toBe('a {x}, b');
  });

  it('are read in linear time, however many there are', () => {
    const many = Array.from({ length: 15_000 }, (_, i) => `fwhm = {${i}\n`).join('');
    const started = parse(`ENVI\n${many}bands = 2\n`);
    expect(started.fields.get('bands')?.text).toBe('2');
  });
});
