/** Colours of what is drawn on the canvas, from the custom properties of the page's theme. */
export interface PlotColours {
  grid: string;
  axis: string;
  zero: string;
  raw: string;
  smoothed: string;
  derivative: string;
  bad: string;
  hatch: string;
  join: string;
  overlap: string;
  gap: string;
  /** Three; see `pinStyle`. */
  pins: readonly string[];
}

/** The colours as they hold now for an element. */
export function readPlotColours(element: Element): PlotColours {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    grid: token('--line-1'),
    axis: token('--line-2'),
    zero: token('--line-3'),
    raw: token('--d-raw'),
    smoothed: token('--d-smooth'),
    derivative: token('--d-deriv'),
    bad: token('--d-bad'),
    hatch: token('--line-3'),
    join: token('--d-join'),
    overlap: token('--d-edge'),
    gap: token('--d-bad'),
    pins: [1, 2, 3].map((number) => token(`--d-pin-${number}`)),
  };
}

const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2.5]];

/** Colour (1 to 3) and dash of a pin from 1: pins 4 to 6 repeat the colours with the next dash, and so on. */
export function pinStyle(pinNumber: number): { colour: number; dash: readonly number[] } {
  const index = Math.max(0, pinNumber - 1);
  return { colour: (index % 3) + 1, dash: DASHES[(index + Math.floor(index / 3)) % 3] ?? [] };
}
