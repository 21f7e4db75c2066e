import { describe, expect, it } from 'vitest';
import { keyAction, wheelAction } from './inputs.ts';

const press = (key: string, more = {}) =>
  keyAction({ key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...more });
const turn = (more: object) =>
  wheelAction({ deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, shiftKey: false, ...more });

describe('keys', () => {
  it('move the pixel by 1, with shift by 10', () => {
    expect(press('ArrowRight')).toEqual({ kind: 'move', lines: 0, samples: 1 });
    expect(press('ArrowUp', { shiftKey: true })).toMatchObject({ kind: 'move', lines: -10 });
  });

  it('pan with alt, zoom, fit', () => {
    expect(press('ArrowLeft', { altKey: true })).toMatchObject({ kind: 'pan', x: -0.125 });
    expect(press('+', { shiftKey: true })).toMatchObject({ kind: 'zoom', factor: Math.SQRT2 });
    expect(press('-')).toEqual({ kind: 'zoom', factor: 1 / Math.SQRT2 });
    expect([press('0'), press('9')]).toEqual([{ kind: 'fit' }, { kind: 'actual' }]);
  });

  it('leave all others to the shell', () => {
    expect(press('0', { ctrlKey: true })).toBeNull();
    expect(press('ArrowUp', { metaKey: true })).toBeNull();
    expect(press('9', { altKey: true })).toBeNull();
    expect([press('2'), press('a'), press('toString'), press('Tab')]).toEqual([null, null, null, null]);
  });
});

describe('the wheel', () => {
  it('zooms nearer when turned up, a notch by about a fifth, the way back by as much', () => {
    const near = turn({ deltaY: -100 });
    const far = turn({ deltaY: 100 });
    if (!('zoom' in near) || !('zoom' in far)) throw new Error('no zoom');
    expect(near.zoom).toBeCloseTo(1.2, 1);
    expect(near.zoom * far.zoom).toBeCloseTo(1, 12);
  });

  it('takes lines for a third of a notch each, and no leaps', () => {
    expect(turn({ deltaY: -3, deltaMode: 1 })).toEqual(turn({ deltaY: -99 }));
    expect(turn({ deltaY: 1e9 })).toEqual(turn({ deltaY: 200 }));
  });

  it('pinches with ctrl and pans with shift', () => {
    expect(turn({ deltaY: -10, ctrlKey: true })).toEqual({ zoom: Math.exp(0.1) });
    expect(turn({ deltaX: 30, deltaY: 5, shiftKey: true })).toEqual({ dx: -30, dy: -5 });
  });
});
