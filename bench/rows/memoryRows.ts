import { availableParallelism } from 'node:os';
import type { Interleave } from '../../src/engine/base/dataTypes.ts';
import { buildAxis } from '../../src/engine/spectral/axis.ts';
import { designOperator } from '../../src/engine/spectral/operator.ts';
import { ThreadPool } from '../../src/engine/workers/pool.ts';
import { benchValues } from '../cubes.ts';
import { filterTask, type MemoryCube } from '../filterTask.ts';
import { inTurns, repeated } from '../measure.ts';
import { PeerInTurns } from '../peers.ts';
import { emptyRow, judge, judgeEqual, ratioOf } from '../row.ts';
import { interleaves, type Stage } from '../stage.ts';
import { threads } from '../workbench.ts';

/** Lines that one task takes: as many as an export's chunk has of such a cube. */
const linesPerTask = 16;

/** How much faster than SciPy each interleave should be. */
const factors: Record<Interleave, number> = { bsq: 10, bil: 5, bip: 3 };

/** Smoothing a float32 cube in memory with the engine's kernels on its worker threads. */
export async function memoryRows(stage: Stage): Promise<void> {
  for (const interleave of interleaves) await memoryRow(stage, interleave);
}

async function memoryRow(stage: Stage, interleave: Interleave): Promise<void> {
  const shape = stage.quick
    ? { lines: 128, samples: 256, bands: 224 }
    : { lines: 512, samples: 512, bands: 224 };
  const { lines, samples, bands } = shape;
  const row = emptyRow(`smooth ${lines} x ${samples} x ${bands} float32 in memory, ${interleave}`);
  const bytes = 4 * lines * samples * bands;
  const cube: MemoryCube = {
    input: new SharedArrayBuffer(bytes),
    output: new SharedArrayBuffer(bytes),
    interleave,
    ...shape,
  };
  benchValues({ ...shape, dataType: 'uint16', interleave, seed: 1 }, new Float32Array(cube.input));
  const axis = buildAxis({
    kind: 'band',
    wavelengthsNm: null,
    bandIsGood: new Array<boolean>(bands).fill(true),
  });
  const filter = { window: 11, degree: 2, derivative: 0, axis: 'band', edge: 'fit', gap: 'refit' } as const;
  const pool = new ThreadPool({ workerUrl: new URL('../filterWorker.ts', import.meta.url), threads });
  try {
    pool.share('cube', cube);
    pool.share('operator', designOperator(axis, filter));
    const starts = Array.from({ length: Math.ceil(lines / linesPerTask) }, (_, k) => k * linesPerTask);
    const smooth = (): Promise<unknown> =>
      Promise.all(
        starts.map((line0) => pool.run(filterTask, { line0, lines: Math.min(linesPerTask, lines - line0) })),
      );
    await smooth();
    const args = Object.entries({ ...shape, interleave }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]);
    const scipy = new PeerInTurns(stage.peers, 'savgol-memory', [...args, '--derivative', '0']);
    const copy = new PeerInTurns(stage.peers, 'copy-memory', args, 5);
    const times = await inTurns(stage.quick ? 1 : 3, {
      ours: repeated(3, smooth),
      scipy: scipy.work,
      copy: copy.work,
    });
    row.ours = times.ours;
    row.peer =
      typeof scipy.last === 'string'
        ? scipy.last
        : { name: 'scipy.signal.savgol_filter', timing: times.scipy };
    if (typeof copy.last !== 'string') row.limits.push({ name: 'numpy.copyto', timing: times.copy });
    const factor = factors[interleave];
    judge(row, `at least ${factor} x faster than scipy`, ratioOf(row), (ratio) => ratio >= factor);
    if (interleave === 'bsq') {
      const copies = times.ours.median / times.copy.median;
      judge(row, `at most 5 memory copies (${copies.toPrecision(3)})`, copies, (count) => count <= 5);
    }
    // Both round to float32.
    const values = new Float32Array(cube.output);
    let sum = 0;
    for (const value of values) sum += value;
    judgeEqual(row, sum, scipy.checksum, 1e-4 * values.length);
  } finally {
    await pool.close();
  }
  row.notes.push(`${threads} threads on ${availableParallelism()} processors`);
  stage.report(row);
}
