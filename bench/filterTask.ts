import { Scratch } from '../src/engine/base/scratch.ts';
import type { Interleave } from '../src/engine/base/dataTypes.ts';
import type { LineSampleWindow } from '../src/engine/base/window.ts';
import { readRawWindow, type RawLayout } from '../src/engine/cube/formats/raw.ts';
import { writeRawWindow } from '../src/engine/exports/rawWriter.ts';
import { MemorySource } from '../src/engine/io/fileSource.ts';
import { filterBand, planesOf, type BandPlanes } from '../src/engine/products/compute.ts';
import type { BandedOperator } from '../src/engine/spectral/operator.ts';
import { defineTask } from '../src/engine/workers/task.ts';

/** A float32 cube in shared memory, where its filtered twin goes, and the lines that one call works on. */
export interface MemoryCube {
  input: SharedArrayBuffer;
  output: SharedArrayBuffer;
  interleave: Interleave;
  lines: number;
  samples: number;
  bands: number;
}

const scratch = { values: new Scratch(), planes: new Scratch(), output: new Scratch() };

/** Filters some whole lines of a cube in memory with the engine's kernels. */
export const filterTask = defineTask(
  'bench.filter',
  async ({ line0, lines }: { line0: number; lines: number }, context): Promise<void> => {
    const cube = context.shared<MemoryCube>('cube');
    const operator = context.shared<BandedOperator>('operator');
    if (cube.interleave === 'bsq') filterRows(cube, operator, line0, lines, 0);
    else if (cube.interleave === 'bil') {
      for (let line = line0; line < line0 + lines; line++) filterRows(cube, operator, line, 1, line);
    } else await filterPixels(cube, operator, { line0, lines, sample0: 0, samples: cube.samples });
  },
);

/** BSQ and BIL: the bands' rows lie in one piece each, so the kernel works where they are. */
function filterRows(
  { input, output, interleave, lines: cubeLines, samples, bands }: MemoryCube,
  operator: BandedOperator,
  line0: number,
  lines: number,
  bilLine: number,
): void {
  const from = new Float32Array(input);
  const to = new Float32Array(output);
  const place = (band: number): [number, number] => {
    const row = interleave === 'bsq' ? band * cubeLines + line0 : bilLine * bands + band;
    return [row * samples, (row + lines) * samples];
  };
  const planes = new Map<number, Float32Array>();
  for (let band = 0; band < bands; band++) planes.set(band, from.subarray(...place(band)));
  const known: BandPlanes = planes;
  for (let band = 0; band < bands; band++) filterBand(operator, band, known, to.subarray(...place(band)));
}

/** BIP: taken apart, filtered and put together again as an export does. */
async function filterPixels(
  { input, output, interleave, lines, samples, bands }: MemoryCube,
  operator: BandedOperator,
  window: LineSampleWindow,
): Promise<void> {
  const source = new MemorySource('cube', input);
  const ref = { kind: 'memory' as const, name: 'cube', buffer: input };
  const shape = { dataType: 'float32' as const, interleave, headerOffset: 0, lines, samples, bands };
  const layout: RawLayout = { kind: 'raw', source: ref, byteOrder: 'little', ...shape };
  const bandIndexes = Array.from({ length: bands }, (_, band) => band);
  const pixels = window.lines * window.samples;
  const count = pixels * bands;
  const values = new Float32Array(scratch.values.take(4 * count), 0, count);
  await readRawWindow({ layout, window, bandIndexes, source }, values);
  const planes = planesOf(values, bandIndexes, pixels);
  const whole = new Uint8Array(output);
  const writer = {
    write: (bytes: Uint8Array, position: number): void => {
      whole.set(bytes, position);
    },
  };
  const filtered = (first: number, some: number): Float32Array => {
    const out = new Float32Array(scratch.planes.take(4 * some * pixels), 0, some * pixels);
    for (let k = 0; k < some; k++) {
      filterBand(operator, first + k, planes, out.subarray(k * pixels, (k + 1) * pixels));
    }
    return out;
  };
  const file = { path: 'cube', name: 'cube', part: 'cube' };
  writeRawWindow({ ...shape, output: file }, window, filtered, writer, scratch.output);
}
