import { CubelensError } from '../base/errors.ts';
import type { CalibrationPoints, CalibrationView } from '../contract/calibration.ts';
import { boardPoints } from './boardPoints.ts';

/** What came of looking for the board in one photo (or one band of a cube). */
export interface SeenBoard {
  /** Pixels; 0 where it could not be read. */
  width: number;
  height: number;
  /** [u, v], column fastest; null where the board was not found. */
  corners: [number, number][] | null;
  /** [columns, rows] of another board that was seen instead. */
  seen: [number, number] | null;
  /** Why there are no corners, in words; null where there are some. */
  fault: string | null;
  /** What makes the corners doubtful, or the photo special, in words. */
  doubts: string[];
}

/**
 * The views of photos of a board of [columns, rows] inner corners, and notes on them. A photo that is not of the most
 * frequent size is left out. Throws `degenerate` where no photo shows the board, `unsupported-format` and what else reading
 * gave where none could be read.
 */
export function photoViews(
  photos: readonly { name: string; board: SeenBoard }[],
  [columns, rows]: readonly [number, number],
): { points: CalibrationPoints; notes: string[] } {
  const size = commonSize(photos.map(({ board }) => board));
  if (size === null) throw unreadable(photos);
  const object = boardPoints([columns, rows]);
  const doubted = new Map<string, string[]>();
  /** The first view of each set of corners. */
  const known = new Map<string, string>();
  const names = uniqueNames(photos.map(({ name }) => name));
  const views = photos.map(({ board }, k): CalibrationView => {
    const name = names[k] as string;
    const { width, height, corners, fault, doubts } = board;
    const empty = { name, object: [], image: [] };
    if (corners === null) return { ...empty, fault: fault ?? 'no board was found in it' };
    if (width !== size[0] || height !== size[1]) {
      return { ...empty, fault: `it has ${width} x ${height} pixels, the others ${size.join(' x ')}` };
    }
    // The same photo again would count as new evidence.
    const key = corners.join(' ');
    const same = known.get(key);
    if (same !== undefined)
      return { ...empty, fault: `it shows the very corners of ${same}: the same photo twice` };
    known.set(key, name);
    for (const doubt of doubts) doubted.set(doubt, [...(doubted.get(doubt) ?? []), name]);
    return { name, object, image: corners };
  });
  if (views.every(({ image }) => image.length === 0)) throw noneFound(photos, [columns, rows]);
  return {
    points: { imageSize: size, views },
    notes: [...doubted].map(([doubt, of]) => doubtNote(doubt, of)),
  };
}

/** A doubt with the views that it is about. */
function doubtNote(doubt: string, names: readonly string[]): string {
  if (names.length === 1) return `View ${names.join()}: ${doubt}.`;
  const rest = names.length > 10 ? ` and ${names.length - 10} more` : '';
  return `Views ${names.slice(0, 10).join(', ')}${rest}: ${doubt}.`;
}

/** The size of most photos that show the board, else of most photos; the larger of two that are as frequent. */
function commonSize(boards: readonly SeenBoard[]): [number, number] | null {
  const counts = new Map<string, { size: [number, number]; count: number }>();
  for (const { width, height, corners } of boards) {
    if (width === 0) continue;
    const entry = counts.get(`${width}x${height}`) ?? { size: [width, height] as [number, number], count: 0 };
    // Any photo that shows the board outweighs all that do not.
    entry.count += corners === null ? 1e-6 : 1;
    counts.set(`${width}x${height}`, entry);
  }
  const [first] = [...counts.values()].sort(
    (a, b) => b.count - a.count || b.size[0] * b.size[1] - a.size[0] * a.size[1],
  );
  return first?.size ?? null;
}

/** Names as they are, with a number behind those that come again. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let k = 2; taken.has(unique); k++) unique = `${name} (${k})`;
    taken.add(unique);
    return unique;
  });
}

function unreadable(photos: readonly { name: string; board: SeenBoard }[]): CubelensError {
  const [first] = photos;
  const others = photos.length > 1 ? ` Nor could the ${photos.length - 1} others.` : '';
  return new CubelensError('unsupported-format', `${first?.board.fault ?? 'No photo is given'}.${others}`, {
    file: first?.name ?? '',
    remedy: 'Give photos as JPEG, PNG or TIFF; a file of points with --points, of a camera with --camera.',
  });
}

function noneFound(
  photos: readonly { name: string; board: SeenBoard }[],
  [columns, rows]: readonly [number, number],
): CubelensError {
  const sizes = new Map<string, number>();
  for (const { board } of photos) {
    if (board.seen === null) continue;
    const size = board.seen.join('x');
    sizes.set(size, (sizes.get(size) ?? 0) + 1);
  }
  const [most] = [...sizes].sort((a, b) => b[1] - a[1]);
  const where = photos.length === 1 ? `in ${photos[0]?.name ?? 'it'}` : `in any of ${photos.length} photos`;
  const message = `No board of ${columns} x ${rows} inner corners was found ${where}`;
  const place = { field: 'board' };
  if (most !== undefined) {
    const [size, count] = most;
    return new CubelensError(
      'degenerate',
      photos.length === 1
        ? `${message}; ${size} was seen.`
        : `${message}; ${size} was seen in ${count} of them.`,
      {
        ...place,
        remedy: `Count inner corners, where four squares meet: is it --board ${size}?`,
      },
    );
  }
  const faults = photos.map(({ board }) => board.fault).filter((fault) => fault !== null);
  const reason = faults[0] === undefined ? '' : ` (${photos[0]?.name ?? ''}: ${faults[0]})`;
  return new CubelensError('degenerate', `${message}${reason}.`, {
    ...place,
    remedy:
      'Photograph the whole flat board, sharp and evenly lit, and count its inner corners, where four squares meet.',
  });
}
