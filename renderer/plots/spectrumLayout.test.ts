import { describe, expect, it } from 'vitest';
import type { SegmentInfo } from '../../src/engine/contract/cube.ts';
import { layOutBands, nearestBand, type BandAxis } from './spectrumLayout.ts';

const good = (count: number) => Array.from({ length: count }, () => true);

const wholeOf = (count: number): SegmentInfo => ({
  firstBandIndex: 0,
  lastBandIndex: count - 1,
  direction: 'rising',
  stepNm: null,
});

function axisOf(wavelengthsNm: (number | null)[], change: Partial<BandAxis> = {}): BandAxis {
  const last = wavelengthsNm.length;
  return {
    axis: 'wavelength',
    wavelengthsNm,
    bandIsGood: good(last),
    segments: [{ firstBandIndex: 0, lastBandIndex: last - 1, direction: 'rising', stepNm: 10 }],
    ...change,
  };
}

/** Two detectors: 400 to 440 and 430 to 470 nm, by 10 nm. */
const overlapping = axisOf([400, 410, 420, 430, 440, 430, 440, 450, 460, 470], {
  segments: [
    { firstBandIndex: 0, lastBandIndex: 4, direction: 'rising', stepNm: 10 },
    { firstBandIndex: 5, lastBandIndex: 9, direction: 'rising', stepNm: 10 },
  ],
});

describe('layOutBands', () => {
  it('orders falling wavelengths and keeps the run in file order', () => {
    const layout = layOutBands(axisOf([500, 490, 480]));
    expect(layout.order).toEqual([2, 1, 0]);
    expect(layout.runs).toEqual([[0, 1, 2]]);
    expect(layout.groups).toEqual([{ kind: 'segment', bands: [0, 1, 2], low: 475, high: 505 }]);
    expect(layout.areas).toEqual([]);
  });

  it('keeps detectors that overlap apart and marks where', () => {
    const layout = layOutBands(overlapping);
    expect(layout.order).toEqual([0, 1, 2, 3, 5, 4, 6, 7, 8, 9]);
    expect(layout.runs.map((run) => run.length)).toEqual([5, 5]);
    expect(layout.areas).toMatchObject([{ kind: 'overlap', low: 430, high: 440 }]);
  });

  it('numbers bands from 1 on the band axis, where detectors are joined', () => {
    const layout = layOutBands({ ...overlapping, axis: 'band', segments: [wholeOf(10)] });
    expect([...layout.places]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(layout.runs).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    expect(layout.areas).toEqual([]);
  });

  it('takes band numbers where there are no wavelengths', () => {
    const layout = layOutBands({ ...axisOf([1, 2]), wavelengthsNm: null });
    expect(layout.axis).toBe('band');
    expect([...layout.places]).toEqual([1, 2]);
  });

  it('leaves out bands without a wavelength', () => {
    expect(layOutBands(axisOf([400, null, 420])).order).toEqual([0, 2]);
  });

  it('stands segments of one band and an empty cube', () => {
    const one = layOutBands(axisOf([400]));
    expect(one.groups).toEqual([{ kind: 'segment', bands: [0], low: 400, high: 400 }]);
    expect(layOutBands(axisOf([])).groups).toEqual([]);
  });
});

describe('nearestBand', () => {
  const farAway = () => 1000;

  it('is the nearest by place where one segment lies', () => {
    const layout = layOutBands(axisOf([400, 410, 420]));
    expect(nearestBand(layout, 404, farAway)).toBe(0);
    expect(nearestBand(layout, 406, farAway)).toBe(1);
    expect(nearestBand(layout, 999, farAway)).toBe(2);
  });

  it('is the nearest to what is drawn where detectors overlap', () => {
    const layout = layOutBands(overlapping);
    const nearTo = (wanted: number) => (bandIndex: number) => (bandIndex === wanted ? 2 : 30);
    expect(nearestBand(layout, 431, nearTo(3))).toBe(3);
    expect(nearestBand(layout, 431, nearTo(5))).toBe(5);
  });

  it('finds bad bands, and in a gap the nearer side', () => {
    const layout = layOutBands(
      axisOf([400, 410, 420, 430, 500, 510], {
        bandIsGood: [true, true, false, true, true, true],
        segments: [
          { firstBandIndex: 0, lastBandIndex: 1, direction: 'rising', stepNm: 10 },
          { firstBandIndex: 4, lastBandIndex: 5, direction: 'rising', stepNm: 10 },
        ],
      }),
    );
    expect(nearestBand(layout, 421, farAway)).toBe(2);
    expect(nearestBand(layout, 480, farAway)).toBe(4);
  });

  it('is none without bands', () => {
    expect(nearestBand(layOutBands(axisOf([])), 400, farAway)).toBeNull();
  });
});
