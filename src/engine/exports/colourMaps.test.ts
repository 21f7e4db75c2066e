import { describe, expect, it } from 'vitest';
import { colourRows, colourTable, divergingLimits, listColourMaps } from './colourMaps.ts';

const colourAt = (table: Uint8Array, index: number) => Array.from(table.subarray(index * 3, index * 3 + 3));
const hex = (text: string) => [1, 3, 5].map((i) => Number.parseInt(text.slice(i, i + 2), 16));
/** Relative luminance (Rec. 709) of an sRGB colour. */
function luminance([r = 0, g = 0, b = 0]: number[]): number {
  const [x = 0, y = 0, z = 0] = [r, g, b].map((level) => {
    const part = level / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}

describe('colour tables', () => {
  // End colours as matplotlib's tables have them.
  it.each([
    ['viridis', '#440154', '#fde725'],
    ['magma', '#000004', '#fcfdbf'],
    ['inferno', '#000004', '#fcffa4'],
    ['plasma', '#0d0887', '#f0f921'],
    ['gray', '#000000', '#ffffff'],
  ])('%s runs from %s to %s', (name, first, last) => {
    const table = colourTable(name);
    expect(table).toHaveLength(768);
    expect(colourAt(table, 0)).toEqual(hex(first));
    expect(colourAt(table, 255)).toEqual(hex(last));
  });

  it("viridis has matplotlib's middle colours", () => {
    // Entries 127 and 128 of matplotlib's 256: (0.128729, 0.563265, 0.551229), (0.127568, 0.566949, 0.550556).
    expect(colourAt(colourTable('viridis'), 127)).toEqual([33, 144, 141]);
    expect(colourAt(colourTable('viridis'), 128)).toEqual([33, 145, 140]);
  });

  it('sequential maps grow lighter from one end to the other', () => {
    for (const { name, kind } of listColourMaps()) {
      if (kind !== 'sequential') continue;
      const table = colourTable(name);
      const steps = Array.from({ length: 16 }, (_, i) => luminance(colourAt(table, i * 17)));
      expect(steps).toEqual([...steps].sort((a, b) => a - b));
    }
  });

  it('diverging maps: dark ends of the named colours, light centre', () => {
    const blueRed = colourTable('blue-red');
    const [r0 = 0, , b0 = 0] = colourAt(blueRed, 0);
    const [r1 = 0, , b1 = 0] = colourAt(blueRed, 255);
    expect(b0).toBeGreaterThan(2 * r0);
    expect(r1).toBeGreaterThan(2 * b1);
    const purpleGreen = colourTable('purple-green');
    const [, g0 = 0, p0 = 0] = colourAt(purpleGreen, 0);
    const [, g1 = 0, p1 = 0] = colourAt(purpleGreen, 255);
    expect(p0).toBeGreaterThan(g0);
    expect(g1).toBeGreaterThan(p1);
    for (const table of [blueRed, purpleGreen]) {
      expect(luminance(colourAt(table, 128))).toBeGreaterThan(0.85);
      expect(luminance(colourAt(table, 0))).toBeLessThan(0.1);
      expect(luminance(colourAt(table, 255))).toBeLessThan(0.15);
    }
  });

  it.each(['jet', '__proto__', 'toString'])('refuses %s', (name) => {
    expect(() => colourTable(name)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});

describe('colourRows', () => {
  const table = colourTable('gray');
  function grays(values: number[], low: number, high: number) {
    const out = new Uint8Array(values.length * 4);
    colourRows(Float64Array.from(values), { low, high, table, out });
    return values.map((_, i) => (out[i * 4 + 3] === 0 ? null : out[i * 4]));
  }

  it('is linear, clamps, and leaves NaN transparent', () => {
    expect(grays([0, 1, 128, 255, 255.9, 256, 300, -5, NaN, Infinity, -Infinity], 0, 256)).toEqual([
      0,
      1,
      128,
      255,
      255,
      255,
      255,
      0,
      null,
      255,
      0,
    ]);
  });

  it('turns round where high is below low', () => {
    expect(grays([256, 192, 0, -1], 256, 0)).toEqual([0, 64, 255, 255]);
  });

  it('has three colours where the limits are equal', () => {
    expect(grays([1, 2, 3], 2, 2)).toEqual([0, 128, 255]);
  });

  it('takes the widest limits', () => {
    const most = Number.MAX_VALUE;
    expect(grays([-most, 0, most], -most, most)).toEqual([0, 128, 255]);
  });

  it('puts zero of a diverging map into the light centre', () => {
    const limits = divergingLimits(-0.5, 2);
    expect(limits).toEqual({ low: -2, high: 2 });
    expect(divergingLimits(-3, -1)).toEqual({ low: -3, high: 3 });
    const out = new Uint8Array(4);
    colourRows(Float32Array.of(0), { ...limits, table: colourTable('blue-red'), out });
    expect(luminance(Array.from(out.subarray(0, 3)))).toBeGreaterThan(0.85);
  });

  it('refuses limits that are not finite and arrays that are too short', () => {
    const refused: unknown = expect.objectContaining({ code: 'invalid-request' });
    expect(() => grays([1], NaN, 1)).toThrow(refused);
    expect(() => colourRows(new Float32Array(2), { low: 0, high: 1, table, out: new Uint8Array(7) })).toThrow(
      refused,
    );
  });
});
