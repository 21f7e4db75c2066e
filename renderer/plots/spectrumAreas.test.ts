import { describe, expect, it } from 'vitest';
import { placeLabels, type Area } from './spectrumAreas.ts';
import { layOutBands } from './spectrumLayout.ts';
import { segment, testState } from './testSpectrum.ts';

function areas(wavelengthsNm: (number | null)[], segments: ReturnType<typeof segment>[], bad: number[] = []) {
  const bandIsGood = wavelengthsNm.map((_, index) => !bad.includes(index));
  return layOutBands(testState({ wavelengthsNm, bandIsGood, segments })).areas;
}

describe('areas', () => {
  it('are bad bands up to halfway to their neighbours, counted from 1', () => {
    const [area, ...rest] = areas([400, 410, 420, 430, 450], [segment(0, 4)], [2, 3]);
    expect(area).toMatchObject({ kind: 'bad', low: 415, high: 440, labels: ['bad 3–4', 'bad 3–4'] });
    expect(rest).toEqual([]);
  });

  it('reach as far beyond as inside at the ends of a file', () => {
    expect(areas([400, 410, 420], [segment(1, 2)], [0])).toMatchObject([{ low: 395, high: 405 }]);
    expect(areas([400, 410, 420], [segment(0, 0)], [1, 2])).toMatchObject([{ low: 405, high: 425 }]);
  });

  it('join bad bands of two detectors that overlap', () => {
    const found = areas([400, 410, 420, 415, 425, 435], [segment(0, 0), segment(5, 5)], [1, 2, 3, 4]);
    expect(found).toMatchObject([{ kind: 'bad', labels: ['bad 2–5', 'bad 2–5'] }]);
  });

  it('are overlaps, gaps and joins between segments', () => {
    const step = 10;
    const two = [segment(0, 2, step), segment(3, 5, step)];
    expect(areas([400, 410, 420, 415, 425, 435], two)).toMatchObject([
      { kind: 'overlap', low: 415, high: 420 },
    ]);
    expect(areas([400, 410, 420, 500, 510, 520], two)).toMatchObject([{ kind: 'gap', low: 420, high: 500 }]);
    expect(areas([400, 410, 420, 430, 440, 450], two)).toMatchObject([{ kind: 'join', low: 420, high: 430 }]);
  });

  it('are the same for falling wavelengths', () => {
    const two = [segment(0, 1, -10), segment(2, 3, -10)];
    expect(areas([520, 510, 420, 410], two)).toMatchObject([{ kind: 'gap', low: 420, high: 510 }]);
  });

  it('are no gap where another segment lies', () => {
    const three = [segment(0, 1, 10), segment(2, 3, 10), segment(4, 5, 10)];
    expect(areas([400, 410, 600, 610, 500, 510], three)).toMatchObject([
      { kind: 'gap', low: 510, high: 600 },
    ]);
  });
});

describe('placeLabels', () => {
  const area = (low: number, high: number, long: string, short = long): Area => ({
    kind: 'gap',
    low,
    high,
    labels: [long, short],
  });
  const place = (list: Area[], isWide: boolean) =>
    placeLabels(list, (at) => at, 300, isWide).map(({ text, x }) => [text, x]);

  it('takes the long words where there is room', () => {
    expect(place([area(100, 120, 'detector join', 'join')], true)).toEqual([['detector join', 110]]);
    expect(place([area(100, 120, 'detector join', 'join')], false)).toEqual([['join', 110]]);
  });

  it('shortens or leaves out what would touch an earlier one, and what is out of sight', () => {
    const list = [
      area(0, 20, 'gap'),
      area(50, 60, 'detector join', 'join'),
      area(56, 60, 'gap'),
      area(400, 500, 'gap'),
    ];
    expect(place(list, true)).toEqual([
      ['gap', 10],
      ['join', 55],
    ]);
  });

  it('stands in the middle of what is in sight', () => {
    expect(place([area(-100, 100, 'gap')], true)).toEqual([['gap', 50]]);
  });
});
