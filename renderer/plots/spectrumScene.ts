import type { Ticks } from './drawGround.ts';
import { derivativeFactor } from './plotNumbers.ts';
import type { SpectrumLayout } from './spectrumLayout.ts';
import type { SpectrumState } from './spectrumState.ts';
import { ticksOf } from './spectrumTicks.ts';
import {
  boxOf,
  hasDerivative,
  stripsOf,
  viewOf,
  type Box,
  type Range,
  type Strips,
  type View,
} from './spectrumView.ts';

/** What follows from a state, a size and a zoom: all that a frame draws. */
export interface Scene {
  state: SpectrumState;
  layout: SpectrumLayout;
  size: Size;
  box: Box;
  strips: Strips;
  view: View;
  ticks: Ticks;
}

export interface Size {
  width: number;
  height: number;
}

export function makeScene(
  state: SpectrumState,
  layout: SpectrumLayout,
  size: Size,
  zoom: Range | null,
): Scene {
  const box = boxOf(size.width, size.height);
  const strips = stripsOf(box, hasDerivative(state));
  const view = viewOf(layout, state, zoom);
  const { power, factor } = derivativeFactor(state);
  const ticks = ticksOf(view, box, strips, power === 0 ? 1 : factor);
  return { state, layout, size, box, strips, view, ticks };
}

/** Both states have the same axis. */
export const sameBands = (a: SpectrumState, b: SpectrumState): boolean =>
  a.axis === b.axis &&
  a.wavelengthsNm === b.wavelengthsNm &&
  a.bandIsGood === b.bandIsGood &&
  a.segments === b.segments;

/** Both states draw the same curves, with the same words at their axes. */
export const sameCurves = (a: SpectrumState, b: SpectrumState): boolean =>
  a.quantity === b.quantity &&
  a.derivativeOrder === b.derivativeOrder &&
  a.units.derivative === b.units.derivative &&
  a.units.values === b.units.values &&
  a.curves.length === b.curves.length &&
  a.curves.every((curve, index) => {
    const other = b.curves[index];
    return (
      curve === other ||
      (other !== undefined &&
        curve.kind === other.kind &&
        curve.pinNumber === other.pinNumber &&
        curve.label === other.label &&
        curve.values === other.values &&
        curve.smoothed === other.smoothed &&
        curve.derivative === other.derivative &&
        curve.edge === other.edge)
    );
  });
