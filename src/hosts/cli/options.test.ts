import { describe, expect, it } from 'vitest';
import { CommandError } from './exitCodes.ts';
import { Arguments, filterOf, parseBands, parseNumber } from './options.ts';

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof CommandError && thrown.wire.code === 'invalid-request') return thrown.message;
    throw thrown;
  }
  throw new Error('Nothing was refused.');
};

describe('Arguments', () => {
  it('takes files by position and options by name, before, after and between them', () => {
    const args = Arguments.parse(
      ['--json', 'a.dat', '--image=2', '--open', 'o.json'],
      ['json', 'image', 'open'],
    );
    expect(args.file('FILE')).toBe('a.dat');
    expect([args.flag('json'), args.text('image'), args.text('open')]).toEqual([true, '2', 'o.json']);
  });

  it('collects an option that may be repeated', () => {
    const args = Arguments.parse(['--at', '1,2', '--at=3,4'], ['at']);
    expect(args.many('at')).toEqual(['1,2', '3,4']);
    expect(Arguments.parse([], ['at']).many('at')).toEqual([]);
  });

  it('takes a negative number as a value, with and without an equals sign', () => {
    for (const range of [['--range', '-1,2'], ['--range=-1,2']]) {
      expect(Arguments.parse(range, ['range']).text('range')).toBe('-1,2');
    }
    expect(Arguments.parse(['--wavelength', '-.5'], ['wavelength']).number('wavelength')).toBe(-0.5);
  });

  it('takes names that look like options after --', () => {
    expect(Arguments.parse(['--', '--json'], ['json']).file('FILE')).toBe('--json');
  });

  it.each([
    [['--bogus'], '--bogus'],
    [['--window', '5'], '--window'],
    [['-x'], '-x'],
    [['--at'], '--at needs a value: --at LINE,SAMPLE'],
    [['--at', '--json'], '--at needs a value'],
    [['--json=1'], '--json takes no value'],
    [['--band', '1', '--band', '2'], '--band is given twice'],
  ])('refuses %j and names the option', (argv, message) => {
    expect(refusal(() => Arguments.parse(argv, ['at', 'json', 'band']))).toContain(message);
  });

  it('wants one file: not none, not an empty name, not two', () => {
    expect(refusal(() => Arguments.parse([], []).file('FILE'))).toBe('FILE is missing.');
    expect(refusal(() => Arguments.parse([''], []).file('FILE'))).toBe('FILE is missing.');
    expect(refusal(() => Arguments.parse(['a', 'b'], []).file('FILE'))).toBe('One FILE is expected, not 2.');
    expect(refusal(() => Arguments.parse(['a'], []).noFile('backends'))).toContain('backends takes no file');
  });

  it('wants one of the choices, in any case', () => {
    const choose = (value: string) =>
      Arguments.parse(['--interleave', value], ['interleave']).choice('interleave', ['bsq', 'bil']);
    expect(choose('BIL')).toBe('bil');
    expect(refusal(() => choose('bip'))).toBe('--interleave is bsq or bil, not bip.');
  });
});

describe('parseNumber', () => {
  it.each([
    ['5', 5],
    ['-1.5', -1.5],
    ['+.25', 0.25],
    ['2e3', 2000],
    [' 7. ', 7],
  ])('reads %j', (text, value) => {
    expect(parseNumber('window', text)).toBe(value);
  });

  it.each(['', ' ', 'eleven', '1,5', '0x10', 'NaN', 'Infinity', '1e400', '5 nm', '--5'])(
    'refuses %j',
    (text) => {
      expect(refusal(() => parseNumber('window', text))).toContain('--window takes a number');
    },
  );
});

describe('parseBands', () => {
  it('counts from 1 and keeps the order given', () => {
    expect(parseBands('bands', '5, 1,2-4', 5)).toEqual([4, 0, 1, 2, 3]);
    expect(parseBands('bands', '1-224', 224)).toHaveLength(224);
  });

  it.each([
    ['0', 'no such band'],
    ['6', 'no such band'],
    ['4-6', 'no such band'],
    ['1-99999999999999999999', 'no such band'],
    ['3-2', 'the lower band comes first'],
    ['1,1', 'twice'],
    ['1-3,2', 'twice'],
    ['', 'band numbers'],
    ['1,', 'band numbers'],
    ['-1', 'band numbers'],
    ['1.5', 'band numbers'],
    ['all', 'band numbers'],
  ])('refuses %j of five bands', (text, message) => {
    expect(refusal(() => parseBands('bands', text, 5))).toContain(message);
  });
});

describe('filterOf', () => {
  it('passes on only what is given', () => {
    const names = ['window', 'degree', 'derivative', 'axis', 'edge', 'gap'] as const;
    expect(filterOf(Arguments.parse([], names))).toEqual({});
    expect(filterOf(Arguments.parse(['--degree', '0', '--axis', 'BAND'], names))).toEqual({
      degree: 0,
      axis: 'band',
    });
  });
});
