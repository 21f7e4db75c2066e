import { scaleLinear } from 'd3-scale';
import type { Ticks } from './drawGround.ts';
import type { Box, Strips, View } from './spectrumView.ts';

/** Ticks for what is in sight: as many as have room. */
export function ticksOf(view: View, box: Box, strips: Strips, factor: number): Ticks {
  const within = ([low, high]: readonly [number, number], count: number) =>
    scaleLinear().domain([low, high]).ticks(count);
  const [top, bottom] = strips.derivative;
  const derivative = view.derivative === null ? [] : zeroTicks(view.derivative, factor, bottom - top);
  const valueHeight = strips.value[1] - strips.value[0];
  return {
    x: within(view.x, Math.max(2, Math.floor(box.width / 76))).filter(
      (tick) => view.x[1] - view.x[0] < 3 || Number.isInteger(tick),
    ),
    value: within(view.value, Math.min(5, Math.max(2, Math.floor(valueHeight / 32)))),
    derivative,
  };
}

/** Round numbers after the power of ten; zero is among them. */
function zeroTicks([low, high]: readonly [number, number], factor: number, height: number): number[] {
  const count = Math.min(4, Math.max(2, Math.floor(height / 30)));
  const scale = scaleLinear().domain([low / factor, high / factor]);
  // Zero alone tells nothing about the others.
  const found = [count, count + 1, count + 2].map((each) => scale.ticks(each));
  return (found.find((ticks) => ticks.length > 1) ?? []).map((tick) => tick * factor);
}
