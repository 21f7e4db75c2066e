import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CubelensError } from '../../../base/errors.ts';
import { testNeighbourhood } from '../testNeighbourhood.ts';
import { maxHeaderBytes, parseEnviHeader } from './header.ts';
import { numbersOf, entriesOf } from './fields.ts';
import { enviFormat } from './open.ts';
import { headerText } from './testHeader.ts';

/** Opens a header given as bytes beside a data file of this size; anything but a CubelensError fails the test. */
async function openBytes(header: Uint8Array, size: number): Promise<void> {
  try {
    const files = testNeighbourhood('x.hdr', { 'x.hdr': header, 'x.dat': { size } });
    const { description, layout } = await enviFormat.open(files, {});
    expect(description.bandRecords).toHaveLength(description.bands);
    if (layout.kind !== 'raw') throw new Error('not raw');
    expect(layout.lines * layout.samples * layout.bands + layout.headerOffset).toBeLessThanOrEqual(size);
    structuredClone({ description, layout });
  } catch (error) {
    if (!(error instanceof CubelensError)) throw error;
    expect(['malformed-file', 'unsupported-format', 'not-found']).toContain(error.code);
  }
}

const seed = headerText({
  wavelength: '{450, 550, 650, 850}',
  'wavelength units': 'um',
  fwhm: '[1. 2. 3. 4.]',
  bbl: '{1, 1, 0, 1}',
  'band names': '{a, b,\n c, d}',
  'map info': '{UTM, 1, 1, 5e5, 4e6, 30, 30, 33, North, WGS-84, units=Meters, rotation=3}',
  'coordinate system string': '{PROJCS["UTM_Zone_33N",GEOGCS["GCS_WGS_1984"]]}',
  'data ignore value': '-9999',
  'class names': '{x, y}',
  'class lookup': '{1, 2, 3, 4, 5, 6}',
  'default bands': '{1, 2, 3}',
});

describe('hostile headers', () => {
  it('random bytes', async () => {
    const bytes = fc.uint8Array({ maxLength: 400 });
    await fc.assert(fc.asyncProperty(bytes, (header) => openBytes(header, 24)));
  });

  it('random bytes after a good start', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200, min: 1 }), (tail) =>
        openBytes(Buffer.concat([Buffer.from(seed), tail]), 24),
      ),
    );
  });

  it('good headers with pieces replaced', async () => {
    const words = [
      '{',
      '}',
      '[',
      ']',
      '=',
      ';',
      '\n',
      '\r',
      ',',
      '',
      '-1',
      '0',
      '1e999',
      'nan',
      '9'.repeat(30),
      'µ',
      '__proto__ = 1',
    ];
    const change = fc.tuple(fc.nat(seed.length), fc.nat(12), fc.constantFrom(...words));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(1000), (changes, size) => {
        let text = seed;
        for (const [at, length, word] of changes) text = text.slice(0, at) + word + text.slice(at + length);
        return openBytes(Buffer.from(text), size);
      }),
      { numRuns: 500 },
    );
  });

  it('random values of every field', async () => {
    const keys = [...seed.matchAll(/^([a-z ]+) =/gm)].map((match) => match[1] ?? '');
    const value = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.double().map(String),
      fc.bigInt().map(String),
      fc.array(fc.integer()).map((list) => `{${list.join(',')}}`),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...keys), value), fc.nat(100), (changes, size) =>
        openBytes(Buffer.from(headerText({ ...changes })), size),
      ),
      { numRuns: 500 },
    );
  });
});

// Each of these took time in the square of its length in some reader; linear readers take well under a second.
describe('large headers', () => {
  const large = (unit: string): Uint8Array =>
    Buffer.from(`ENVI\n${unit.repeat(Math.floor((maxHeaderBytes - 8) / unit.length))}`);

  it.each([
    ['open braces', 'a = {{}\n'],
    ['open brackets', 'a = [\n'],
    ['brackets over many lines', 'a = [\n1\n1\n1\n1\n'],
    ['line ends', '\n'],
    ['blanks', ' '],
    ['keys', 'k = v\n'],
    ['semicolons', ';'],
  ])('%s', (_, unit) => {
    try {
      expect(parseEnviHeader(large(unit), 'x.hdr').fileName).toBe('x.hdr');
    } catch (error) {
      expect(error).toBeInstanceOf(CubelensError);
    }
  });

  it.each([
    ['blanks inside an entry', ' '],
    ['line ends inside an entry', '\n'],
    ['commas', ','],
    ['digits', '1'],
    ['opening braces', '{'],
    ['long words that begin as numbers', `${'1'.repeat(390)}x,`],
  ])('a list of %s', (_, unit) => {
    const count = Math.min(2_000_000, Math.floor((maxHeaderBytes - 100) / unit.length));
    const text = `ENVI\nwavelength = {1${unit.repeat(count)}1${unit === '{' ? '}'.repeat(count) : ''}}`;
    const header = parseEnviHeader(Buffer.from(text), 'x.hdr');
    expect(numbersOf(header, 'wavelength')?.length).toBeLessThanOrEqual(1_000_000);
    expect(entriesOf(header, 'wavelength')?.length).toBeLessThanOrEqual(1_000_000);
  });

  it('more bands than can be', async () => {
    await openBytes(Buffer.from(headerText({ bands: '4000000000', samples: '1', lines: '1' })), 4e9);
  });
});
