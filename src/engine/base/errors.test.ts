import { describe, expect, it } from 'vitest';
import { asCubelensError, CubelensError, fromWireError, toWireError, type ErrorCode } from './errors.ts';

const nodeError = (code: string): Error => Object.assign(new Error(`${code}: something`), { code });

describe('asCubelensError', () => {
  const cases: [string, ErrorCode][] = [
    ['ENOENT', 'not-found'],
    ['ENOTDIR', 'not-found'],
    ['EISDIR', 'not-found'],
    ['ELOOP', 'not-found'],
    ['EACCES', 'access-denied'],
    ['EPERM', 'access-denied'],
    ['EROFS', 'access-denied'],
    ['ENAMETOOLONG', 'invalid-request'],
    ['ENOSPC', 'resource-exhausted'],
    ['EDQUOT', 'resource-exhausted'],
    ['EFBIG', 'resource-exhausted'],
    ['EMFILE', 'resource-exhausted'],
    ['ENFILE', 'resource-exhausted'],
    ['ENOMEM', 'resource-exhausted'],
    ['EIO', 'malformed-file'],
    ['EWHATEVER', 'internal'],
  ];
  it.each(cases)('%s is %s', (code, expected) => {
    const thrown = nodeError(code);
    const error = asCubelensError(thrown, 'x.dat');
    expect(error.code).toBe(expected);
    expect(error.cause).toBe(thrown);
    if (expected === 'internal') return;
    expect(error.message).toMatch(/^x\.dat .+\.$/);
    expect(error.place.file).toBe('x.dat');
    expect(error.place.remedy).toMatch(/\.$/);
  });

  const paths = ['/home/x y/secret/c.dat', 'C:\\Users\\x y\\secret\\c.dat', '\\\\server\\secret\\c.dat'];
  const codes = ['EIO', 'ELOOP', 'EBUSY', 'ENXIO', 'ETXTBSY', 'ERR_FS_FILE_TOO_LARGE', undefined];
  it.each(paths.flatMap((path) => codes.map((code) => [code, path] as const)))(
    'of %s on %s holds no path, with and without a known name',
    (code, path) => {
      const text = `${code ?? 'failed'}: something, rename '${path}' -> '${path}'`;
      for (const known of [{ code, path, syscall: 'rename' }, { code }]) {
        for (const file of [undefined, 'x.dat']) {
          const wire = toWireError(asCubelensError(Object.assign(new Error(text), known), file));
          const whole = JSON.stringify(wire);
          expect(whole).not.toContain('secret');
          if ('path' in known) expect(wire.file).toBe(file ?? 'c.dat');
          if (code?.startsWith('ERR') === false && wire.code === 'internal') expect(whole).toContain(code);
        }
      }
      expect(asCubelensError(text).message).not.toContain('secret');
    },
  );

  it('says which call failed and how where the code is a rare one', () => {
    const thrown = Object.assign(new Error('x'), { code: 'EBUSY', syscall: 'rename', path: '/home/x/c.dat' });
    expect(toWireError(asCubelensError(thrown))).toEqual({
      code: 'internal',
      message: 'c.dat cannot be used (rename: EBUSY).',
      file: 'c.dat',
    });
  });

  it('names no file where none is known', () => {
    const error = asCubelensError(nodeError('ENOENT'));
    expect(error.message).toBe('The file does not exist.');
    expect('file' in error.place).toBe(false);
  });

  it('leaves its own kind as it is', () => {
    const error = new CubelensError('degenerate', 'Flat.', { field: 'points' });
    expect(asCubelensError(error, 'other')).toBe(error);
  });

  it('takes an abort for a cancel', () => {
    const controller = new AbortController();
    controller.abort();
    expect(asCubelensError(controller.signal.reason).code).toBe('cancelled');
  });

  it('takes a failed allocation for a lack of memory, other range errors not', () => {
    const failed = (make: () => unknown): unknown => {
      try {
        make();
      } catch (thrown) {
        return thrown;
      }
      return null;
    };
    expect(asCubelensError(failed(() => new ArrayBuffer(2 ** 52))).code).toBe('resource-exhausted');
    expect(asCubelensError(failed(() => new Uint8Array(2 ** 52))).code).toBe('resource-exhausted');
    expect(asCubelensError(failed(() => (1).toFixed(101))).code).toBe('internal');
  });

  it('takes anything that can be thrown', () => {
    for (const thrown of ['text', 7, null, undefined]) {
      expect(asCubelensError(thrown)).toMatchObject({ code: 'internal', message: String(thrown) });
    }
  });
});

describe('wire errors', () => {
  it('keep code, message and every part of the place', () => {
    const place = { file: 'a.hdr', field: 'bands', byte: 3, row: 4, column: 5, remedy: 'Correct it.' };
    const wire = structuredClone(toWireError(new CubelensError('malformed-file', 'Wrong.', place)));
    expect(wire).toEqual({ ...place, code: 'malformed-file', message: 'Wrong.' });
    const back = fromWireError(wire);
    expect(back).toBeInstanceOf(CubelensError);
    expect({ code: back.code, message: back.message, place: back.place }).toEqual({
      code: 'malformed-file',
      message: 'Wrong.',
      place,
    });
  });
});
