import { DataTexture, FloatType, RGBAFormat, UnsignedByteType, Vector3, type IUniform } from 'three';
import { binEdges, bins, type Limits } from './binEdges.ts';
import type { Colouring } from './imageSource.ts';
import type { Rgb } from './tokens.ts';

/** A colouring on the graphics card: what its shader reads. */
export interface Look {
  kind: Colouring['kind'];
  uniforms: Record<string, IUniform<unknown>>;
  dispose(): void;
}

/** Prepares a colouring. Throws `RangeError` where a limit is not finite or colours are missing. */
export function createLook(colouring: Colouring): Look {
  switch (colouring.kind) {
    case 'map': {
      if (colouring.colours.length < 3 * bins) {
        throw new RangeError(
          `A colour map has ${bins} colours of 3 bytes, not ${colouring.colours.length} bytes.`,
        );
      }
      const { colours } = colouring;
      const packed = (k: number): number =>
        65536 * (colours[3 * k] ?? 0) + 256 * (colours[3 * k + 1] ?? 0) + (colours[3 * k + 2] ?? 0);
      return look('map', stretches([colouring], packed));
    }
    case 'rgb':
      return look(
        'rgb',
        stretches(colouring.limits, (k) => k),
      );
    case 'classes': {
      const { palette } = colouring;
      return look('classes', { palette: paletteTexture(palette), classes: palette.length });
    }
  }
}

function look(kind: Colouring['kind'], values: Record<string, unknown>): Look {
  const uniforms = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
  const dispose = (): void => {
    for (const value of Object.values(values)) if (value instanceof DataTexture) value.dispose();
  };
  return { kind, uniforms, dispose };
}

/**
 * A table of edges and colours, a row a plane and four numbers a colour (see the shaders), and what to guess with. Whole
 * numbers of 24 bits are exact in float32.
 */
function stretches(limits: readonly Limits[], colourOf: (bin: number) => number): Record<string, unknown> {
  const entries = new Float32Array(4 * bins * limits.length);
  const direction = new Vector3(1, 1, 1);
  const guessLow = new Vector3();
  const guessPerBin = new Vector3();
  limits.forEach((limit, row) => {
    const found = binEdges(limit);
    for (let k = 0; k < bins; k++) {
      entries.set([found.edges[k] ?? 0, found.edges[k + 1] ?? 0, colourOf(k)], 4 * (row * bins + k));
    }
    const low = finite(found.direction * limit.low);
    direction.setComponent(row, found.direction);
    guessLow.setComponent(row, low);
    guessPerBin.setComponent(row, finite(bins / (finite(found.direction * limit.high) - low)));
  });
  const table = new DataTexture(entries, bins, limits.length, RGBAFormat, FloatType);
  table.needsUpdate = true;
  return { table, direction, guessLow, guessPerBin };
}

/** A guess may be poor, but it must be a number of the graphics card. */
const finite = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.min(1e38, Math.max(-1e38, Math.fround(value)));

/** Colours in rows of 256. */
function paletteTexture(palette: readonly Rgb[]): DataTexture {
  const rows = Math.max(1, Math.ceil(palette.length / 256));
  const bytes = new Uint8Array(rows * 256 * 4);
  palette.forEach((colour, index) => {
    bytes.set([...colour, 255], 4 * index);
  });
  const texture = new DataTexture(bytes, 256, rows, RGBAFormat, UnsignedByteType);
  texture.needsUpdate = true;
  return texture;
}
