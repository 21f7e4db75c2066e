import type { ColourMap } from '../contract/readings.ts';
import {
  interpolateCividis,
  interpolateInferno,
  interpolateMagma,
  interpolatePlasma,
  interpolatePRGn,
  interpolateRdBu,
  interpolateViridis,
} from 'd3-scale-chromatic';
import type { ValueArray } from '../base/dataTypes.ts';
import { CubelensError } from '../base/errors.ts';

/** `sequential`: from low to high; `diverging`: away from a light centre on both sides. */
export type ColourMapKind = 'sequential' | 'diverging';

const maps = {
  gray: { kind: 'sequential', at: gray },
  viridis: { kind: 'sequential', at: interpolateViridis },
  magma: { kind: 'sequential', at: interpolateMagma },
  inferno: { kind: 'sequential', at: interpolateInferno },
  plasma: { kind: 'sequential', at: interpolatePlasma },
  cividis: { kind: 'sequential', at: interpolateCividis },
  // d3 runs from red to blue; low values are blue here.
  'blue-red': { kind: 'diverging', at: (t: number) => interpolateRdBu(1 - t) },
  'purple-green': { kind: 'diverging', at: interpolatePRGn },
} as const satisfies Record<string, { kind: ColourMapKind; at: (t: number) => string }>;

export type ColourMapName = keyof typeof maps;

/** All colour maps in the order to show them. */
export function listColourMaps(): ColourMap[] {
  return colourMapNames.map((name) => ({ name, kind: maps[name].kind, rgb: [...colourTable(name)] }));
}

/** Names of the colour maps, for schemas. */
export const colourMapNames = Object.keys(maps) as [ColourMapName, ...ColourMapName[]];

/**
 * A colour map as 256 RGB triples (768 bytes), lowest value first. viridis, magma, inferno and plasma are matplotlib's
 * tables, the diverging ones ColorBrewer's, all through d3-scale-chromatic. Throws `invalid-request` for another name.
 */
export function colourTable(name: string): Uint8Array<ArrayBuffer> {
  if (!isColourMapName(name)) {
    throw new CubelensError('invalid-request', `There is no colour map "${name}".`, {
      field: 'colourMap',
      remedy: `Choose one of ${colourMapNames.join(', ')}.`,
    });
  }
  const { at } = maps[name];
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) table.set(parseColour(at(i / 255)), i * 3);
  return table;
}

/** True for a name of `listColourMaps`. */
export const isColourMapName = (name: string): name is ColourMapName => Object.hasOwn(maps, name);

export interface ColourScale {
  /** The values of the first and the last colour; `high` below `low` turns the map round. */
  low: number;
  high: number;
  /** 256 RGB triples, as `colourTable` gives them. */
  table: Uint8Array;
  /** Receives 4 bytes a value: red, green, blue, alpha. */
  out: Uint8Array | Uint8ClampedArray;
}

/**
 * Colours values linearly: 256 bins of equal width between low and high, values outside take the end colours, NaN is
 * transparent black. With low = high, values below, at and above it take the first, middle and last colour.
 * Throws `invalid-request` where a limit is not finite or an array is too short.
 */
export function colourRows(values: ValueArray, { low, high, table, out }: ColourScale): void {
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new CubelensError(
      'invalid-request',
      `The limits of a colour scale must be finite, not ${low} and ${high}.`,
      {
        field: 'limits',
      },
    );
  }
  if (table.length < 768 || out.length < values.length * 4) {
    throw new CubelensError('invalid-request', 'A colour table has 768 bytes, its output 4 bytes a value.');
  }
  // Halves keep the span of two huge limits finite.
  const perBin = 128 / (high / 2 - low / 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    const to = i * 4;
    if (Number.isNaN(value)) {
      out.fill(0, to, to + 4);
      continue;
    }
    const bin = low === high ? 128 + Math.sign(value - low) * 128 : (value - low) * perBin;
    const from = 3 * (bin >= 255 ? 255 : bin > 0 ? Math.floor(bin) : 0);
    out[to] = table[from] ?? 0;
    out[to + 1] = table[from + 1] ?? 0;
    out[to + 2] = table[from + 2] ?? 0;
    out[to + 3] = 255;
  }
}

/** Limits for a diverging map: as wide as the larger of both, zero in the centre. */
export function divergingLimits(low: number, high: number): { low: number; high: number } {
  const reach = Math.max(Math.abs(low), Math.abs(high));
  return { low: -reach, high: reach };
}

function gray(t: number): string {
  const level = Math.round(t * 255);
  return `rgb(${level}, ${level}, ${level})`;
}

/** d3 writes "#rrggbb" or "rgb(r, g, b)". */
function parseColour(text: string): number[] {
  const hex = /^#([0-9a-f]{6})$/i.exec(text)?.[1];
  if (hex !== undefined) return [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16));
  return (text.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}
