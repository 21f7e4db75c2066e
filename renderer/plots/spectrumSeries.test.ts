import { expect, it } from 'vitest';
import { bandForKey } from './bandKeys.ts';
import { pinStyle } from './plotColours.ts';
import { layOutBands } from './spectrumLayout.ts';
import { dataOf, strokesOf, structureOf } from './spectrumSeries.ts';
import { testCurve, testState } from './testSpectrum.ts';

const pin = testCurve([1, 2, 3, 4, 5, 6], {
  kind: 'pin',
  pinNumber: 1,
  smoothed: [1, 2, 3, 4, 5, 6],
});

it('draws the active pixel over the pins, dots below lines', () => {
  const active = testCurve([0, 0, 0, 0, 0, 0], { smoothed: [], derivative: [] });
  const strokes = strokesOf({ curves: [active, pin, { ...pin, pinNumber: 2 }] });
  expect(strokes.map(({ curve, kind, edge }) => `${curve} ${kind}${edge ? ' edge' : ''}`)).toEqual([
    '2 smoothed',
    '2 smoothed edge',
    '1 smoothed',
    '1 smoothed edge',
    '0 raw',
    '0 smoothed',
    '0 smoothed edge',
    '0 derivative',
    '0 derivative edge',
  ]);
});

it('sorts bands of overlapping segments by wavelength and leaves out bad ones', () => {
  const state = testState({ bandIsGood: [true, true, true, false, true, true] });
  const data = dataOf(layOutBands(state), state, strokesOf(state));
  expect(data).toEqual([
    [400, 400, 500, 500, 600, 600],
    [10, null, 10, 20, 10, 20],
  ]);
});

it('keeps its structure while only numbers change', () => {
  const one = structureOf({ curves: [pin] });
  expect(structureOf({ curves: [{ ...pin, values: [] }] })).toBe(one);
  expect(structureOf({ curves: [{ ...pin, derivative: [] }] })).not.toBe(one);
});

it('repeats pin colours with the next dash', () => {
  expect([1, 2, 3].map((number) => pinStyle(number).dash)).toEqual([[], [6, 3], [2, 2.5]]);
  expect(pinStyle(4)).toEqual({ colour: 1, dash: [6, 3] });
  expect(pinStyle(6)).toEqual({ colour: 3, dash: [] });
});

it('steps bands by keys', () => {
  const keys = ['ArrowRight', 'ArrowLeft', 'PageUp', 'PageDown', 'Home', 'End', 'a', 'toString'];
  expect(keys.map((key) => bandForKey(key, 5, 12))).toEqual([6, 4, 11, 0, 0, 11, null, null]);
});
