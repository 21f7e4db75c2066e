import { CubelensError } from '../../base/errors.ts';
import { mapInOrder } from '../../base/mapInOrder.ts';
import { throwIfAborted } from '../../base/signal.ts';
import type { LineSampleWindow } from '../../base/window.ts';
import type { Work } from '../../base/work.ts';
import type { Cube, Cubes } from '../../cube/cubes.ts';
import type { ThreadPool } from '../../workers/pool.ts';
import { classesOfMap, mapNotes, type MapClasses } from './classNames.ts';
import { fillNote, mostNumbers, type ReadTable } from './spectraTable.ts';
import {
  countClassedTask,
  windowRowsTask,
  type MapArgs,
  type MapCounts,
  type WindowRows,
} from './tableTasks.ts';

/** Numbers of one window. */
const numbersAtOnce = 2 ** 21;

/** What to make a table of. */
export interface CubeTableOptions {
  pool: ThreadPool;
  cubes: Cubes;
  cube: Cube;
  /** An ENVI Classification cube of the same lines and samples. */
  classMap?: { cube: Cube } | undefined;
  /** Only pixels that have a class; for a class map alone. */
  onlyClassed?: boolean | undefined;
  /** Most rows; default 200 000. */
  most?: number | undefined;
  seed: number;
  signal?: AbortSignal | undefined;
  /** Windows that are read, of all. */
  onProgress?: ((done: number, all: number) => void) | undefined;
}

/**
 * Pixels of an open cube as rows, in the order of lines and samples: all of them, or an even sample by the seed where there are more than
 * `most`. Columns are the good bands, named "band N" from 1, values after scale and offset; pixels without a value in one of
 * them are left out, which the notes count. The same cube, options and seed give the same table, whatever the number of
 * threads. Workers read window by window. Throws `invalid-request` for a class map that does not fit, `degenerate` where
 * no pixel or no band is left, `cancelled`, and what reading throws.
 */
export async function tableOfCube(options: CubeTableOptions): Promise<ReadTable> {
  const { cubes, cube, classMap } = options;
  const classes = classMap === undefined ? null : classesOfMap(classMap.cube.description, cube.description);
  return cubes.using(cube, () =>
    classMap === undefined || classes === null
      ? readTable(options, null)
      : cubes.using(classMap.cube, () => readTable(options, { cube: classMap.cube, classes })),
  );
}

async function readTable(
  { pool, cubes, cube, most = 200_000, seed, signal, onlyClassed = false, onProgress }: CubeTableOptions,
  map: { cube: Cube; classes: MapClasses } | null,
): Promise<ReadTable> {
  const { cubeId, description } = cube;
  const { file, bandRecords, samples } = description;
  const bands = bandRecords.flatMap(({ good }, bandIndex) => (good ? [bandIndex] : []));
  if (bands.length === 0) {
    throw degenerate(file, 'all bands are marked as bad', 'Open the cube with other good bands.');
  }
  const work: Work = { signal, priority: 'statistics' };
  const windows = windowsOf(description, bands.length);
  const mapArgs = async (window: LineSampleWindow): Promise<MapArgs | null> =>
    map === null
      ? null
      : {
          cubeId: map.cube.cubeId,
          blocks: await cubes.blocks.fetch(map.cube, window, [0], work),
          ofCode: map.classes.ofCode,
        };
  const mapCounts =
    map === null
      ? null
      : await mapInOrder(windows, pool.threads + 1, async (window) =>
          pool.run(countClassedTask, { map: (await mapArgs(window)) as MapArgs, window }, work),
        );
  const counts = windows.map(({ lines }, k) =>
    onlyClassed && mapCounts !== null ? (mapCounts[k]?.classed ?? 0) : lines * samples,
  );
  const limit = Math.max(1, Math.min(most, Math.floor(mostNumbers / bands.length)));
  const shares = sharesOf(counts, limit);
  let done = 0;
  const parts = await mapInOrder(windows, pool.threads + 1, async (window, k): Promise<WindowRows | null> => {
    throwIfAborted(signal);
    const count = shares[k] ?? 0;
    const part =
      count === 0
        ? null
        : await pool.run(
            windowRowsTask,
            {
              cubeId,
              blocks: await cubes.blocks.fetch(cube, window, bands, work),
              window,
              bands,
              map: await mapArgs(window),
              onlyClassed: onlyClassed && map !== null,
              count,
              seed,
              stream: k,
            },
            work,
          );
    onProgress?.(++done, windows.length);
    return part;
  });
  const all = counts.reduce((sum, count) => sum + count, 0);
  const filled = parts.filter((part) => part !== null);
  const rows = filled.reduce((sum, { positions }) => sum + positions.length / 2, 0);
  if (onlyClassed && map !== null && mapCounts?.every(({ classed }) => classed === 0) === true) {
    throw degenerate(
      map.cube.description.file,
      'no pixel has a class',
      'Give a class map with labelled pixels: class 0 and names such as "unlabelled" are no class.',
    );
  }
  if (rows === 0) {
    throw degenerate(
      file,
      'no pixel has a value below 1e30 in all good bands' + (onlyClassed ? ' and a class' : ''),
      'Open the cube with other good bands or another nodata value.',
    );
  }
  const wavelengths = bands.map((bandIndex) => bandRecords[bandIndex]?.wavelengthNm ?? null);
  return {
    rows,
    columns: bands.length,
    values: joined(
      filled.map(({ values }) => values),
      new Float32Array(rows * bands.length),
    ),
    names: bands.map((bandIndex) => `band ${bandIndex + 1}`),
    wavelengthsNm: wavelengths.every((one) => one !== null) ? wavelengths : null,
    positions: joined(
      filled.map(({ positions }) => positions),
      new Int32Array(2 * rows),
    ),
    classes:
      map === null
        ? null
        : {
            ofRow: joined(
              filled.map(({ classes }) => classes ?? new Int32Array()),
              new Int32Array(rows),
            ),
            names: map.classes.names,
            map: { codes: map.classes.codes, records: map.classes.records },
          },
    bands: bandRecords.length,
    ...(all > limit ? { sampledOf: all } : {}),
    notes: notesOf(filled, {
      all,
      limit,
      unused: bandRecords.length - bands.length,
      onlyClassed,
      ...(map === null || mapCounts === null
        ? {}
        : { map: { ...map.classes, file: map.cube.description.file, counts: mapCounts } }),
    }),
  };
}

/** Windows of whole lines. */
function windowsOf(cube: { lines: number; samples: number }, bands: number): LineSampleWindow[] {
  const { lines, samples } = cube;
  const step = Math.max(1, Math.floor(numbersAtOnce / (samples * bands)));
  return Array.from({ length: Math.ceil(lines / step) }, (_, k) => ({
    line0: k * step,
    sample0: 0,
    lines: Math.min(step, lines - k * step),
    samples,
  }));
}

/** How many of each window's pixels to take, so that they are `limit` in all (all where there are fewer). */
function sharesOf(counts: readonly number[], limit: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all <= limit) return [...counts];
  let before = 0;
  return counts.map((count) => {
    const from = Math.floor((before / all) * limit);
    before += count;
    return Math.min(count, (before === all ? limit : Math.floor((before / all) * limit)) - from);
  });
}

function joined<Numbers extends Float32Array | Int32Array>(parts: readonly Numbers[], out: Numbers): Numbers {
  let start = 0;
  for (const part of parts) {
    out.set(part, start);
    start += part.length;
  }
  return out;
}

function notesOf(
  parts: readonly WindowRows[],
  of: {
    all: number;
    limit: number;
    unused: number;
    onlyClassed: boolean;
    map?: MapClasses & { file: string; counts: readonly MapCounts[] };
  },
): string[] {
  const skipped = parts.reduce((sum, part) => sum + part.skipped, 0);
  const filled = parts.reduce((sum, part) => sum + part.filled, 0);
  const pixels = of.onlyClassed ? 'pixels with a class' : 'pixels';
  return [
    ...(of.unused > 0 ? [`Bad bands left out: ${of.unused}.`] : []),
    ...(of.all > of.limit ? [`Of ${of.all} ${pixels}, ${of.limit} are taken, spread evenly.`] : []),
    ...(skipped > 0 ? [`Pixels left out for want of a value in a good band: ${skipped}.`] : []),
    ...(filled > 0 ? [fillNote('Pixels', filled)] : []),
    ...(of.map === undefined ? [] : mapNotes(of.map, of.map.file, of.map.counts)),
  ];
}

const degenerate = (file: string, says: string, remedy: string): CubelensError =>
  new CubelensError('degenerate', `${file}: ${says}.`, { file, remedy });
