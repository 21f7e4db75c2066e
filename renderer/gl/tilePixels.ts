import { missingAt, type TileAnswer } from './tileAnswer.ts';

/** A tile ready for the graphics card: plane after plane of float32, `nothing` where there is no value. */
export interface TilePixels {
  data: Float32Array<ArrayBuffer>;
  planes: number;
  lines: number;
  samples: number;
}

/** The lowest float32; its bits are 0xff7fffff. Stands for NaN, which shaders need not know. */
export const nothing = -3.4028234663852886e38;
/** The next float32 above it: what a real value that low is shown as. */
const lowest = -3.4028232635611926e38;
const highest = 3.4028234663852886e38;

/**
 * Numbers of a tile as a shader can read them, in place where they are float32: NaN becomes `nothing`, an infinity the
 * largest number of its sign. Stored numbers of other types are rounded to float32 (complex: magnitude), with
 * `nothing` where nodata or masked; scale and offset are not applied.
 */
export function packPixels(answer: TileAnswer): TilePixels {
  const { planes, lines, samples } = answer;
  const data = floatsOf(answer);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (value > lowest && value <= highest) continue;
    data[i] = Number.isNaN(value) ? nothing : value > 0 ? highest : lowest;
  }
  return { data, planes, lines, samples };
}

function floatsOf(answer: TileAnswer): Float32Array<ArrayBuffer> {
  const { numbers, isComplex } = answer;
  const count = answer.planes * answer.lines * answer.samples;
  const isPlain = answer.noData === null && answer.valid === null;
  if (numbers instanceof Float32Array && !isComplex && isPlain) return numbers as Float32Array<ArrayBuffer>;
  const data = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    if (!isPlain && missingAt(answer, i) !== null) data[i] = NaN;
    else
      data[i] = isComplex
        ? Math.hypot(Number(numbers[2 * i]), Number(numbers[2 * i + 1]))
        : Number(numbers[i]);
  }
  return data;
}
