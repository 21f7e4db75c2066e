import { describe, expect, it } from 'vitest';
import { badRunsOf, nearestKnob, trackBand, trackLabels, trackX } from './bandTrackLayout.ts';
import { segment } from './testSpectrum.ts';

describe('places', () => {
  it('go from end to end and back', () => {
    expect(trackX(0, 101, 216)).toBe(8);
    expect(trackX(100, 101, 216)).toBe(208);
    expect(trackX(0, 1, 216)).toBe(108);
    for (const band of [0, 37, 100]) expect(trackBand(trackX(band, 101, 216), 101, 216)).toBe(band);
    expect(trackBand(-50, 101, 216)).toBe(0);
    expect(trackBand(900, 101, 216)).toBe(100);
  });

  it('find the nearest knob', () => {
    expect(nearestKnob(60, [100, 50, 10])).toBe(1);
    expect(nearestKnob(60, [60, 60, 60])).toBe(0);
  });

  it('join bad neighbours', () => {
    expect(badRunsOf([false, true, false, false])).toEqual([
      { first: 0, last: 0 },
      { first: 2, last: 3 },
    ]);
  });
});

describe('labels', () => {
  const bands = 224;
  const state = {
    wavelengthsNm: Array.from({ length: bands }, (_, index) => 400 + index * 9),
    bandIsGood: Array.from({ length: bands }, () => true),
    bandNames: null,
    segments: [segment(0, 90), segment(91, 223)],
    bandIndexes: [49],
  };

  it('name both ends, ends of segments, and round places with room between', () => {
    const labels = trackLabels(state, 500);
    expect(labels[0]).toMatchObject({ text: '400', anchor: 'start' });
    expect(labels.at(-1)).toMatchObject({ text: '2407 nm', anchor: 'end' });
    expect(labels.map(({ bandIndex }) => bandIndex)).toContain(90);
    const steps = labels.slice(1).map(({ x }, index) => x - (labels[index]?.x ?? 0));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(52);
  });

  it('are band numbers without wavelengths', () => {
    const texts = trackLabels({ ...state, wavelengthsNm: null, segments: [] }, 800).map(({ text }) => text);
    expect(texts[0]).toBe('band 1');
    expect(texts[1]).toBe('25');
    expect(texts.at(-1)).toBe('224');
  });
});
