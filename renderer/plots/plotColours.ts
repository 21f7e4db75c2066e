import { useEffect, useState } from 'react';
import { watchTheme } from '../gl/tokens.ts';

/** Colours of plots that are drawn on a canvas, from the custom properties of the page's theme. */
export interface PlotColours {
  text: string;
  textMuted: string;
  border: string;
  surface: string;
  accent: string;
  grid: string;
  badBand: string;
  segmentGap: string;
  /** Eight colours; number 1 is the first. */
  series: readonly string[];
}

const SERIES = ['#1f6fbf', '#c2571a', '#1b8a6b', '#a83279', '#6a5acd', '#8a6d00', '#b03030', '#4d6b78'];

/** The colours as they hold now for an element. */
export function readPlotColours(element: Element): PlotColours {
  const style = getComputedStyle(element);
  const token = (name: string, fallback: string): string => {
    const colour = style.getPropertyValue(name).trim();
    return colour !== '' && CSS.supports('color', colour) ? colour : fallback;
  };
  return {
    text: token('--text', '#1b1f24'),
    textMuted: token('--text-muted', '#5c6470'),
    border: token('--border', '#c9ced6'),
    surface: token('--surface-raised', token('--surface', '#ffffff')),
    accent: token('--accent', '#1a6fd4'),
    grid: token('--grid', '#e3e6ea'),
    badBand: token('--bad-band', '#e6bdbb'),
    segmentGap: token('--segment-gap', '#d4d8de'),
    series: SERIES.map((fallback, index) => token(`--series-${index + 1}`, fallback)),
  };
}

/** The colours for the page, read again whenever its theme changes. */
export function usePlotColours(): PlotColours {
  const [colours, setColours] = useState(() => readPlotColours(document.documentElement));
  useEffect(
    () =>
      watchTheme(() => {
        setColours(readPlotColours(document.documentElement));
      }),
    [],
  );
  return colours;
}

/** The colour of a series number, which counts from 1 and starts anew after 8. */
export const seriesColour = (series: readonly string[], number: number): string =>
  series[(((number - 1) % 8) + 8) % 8] ?? '#1f6fbf';
