import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';
import { isFilterable, type ImageMode } from '../../store/cubeView.ts';

/** Why a cube cannot be shown in a mode; null: it can. */
export function modeProblem({ info, classes }: OpenCubeAnswer, mode: ImageMode): string | null {
  if (mode === 'band') return null;
  if (classes !== null) return 'This is a class map.';
  if (mode === 'rgb') return info.bands < 3 ? 'Three bands are needed.' : null;
  return isFilterable(info) ? null : 'A filter needs three good bands in a row.';
}

/** "679.49 nm", the band's own name, or nothing. */
export function bandPlace({ info }: OpenCubeAnswer, bandIndex: number): string {
  const nm = info.wavelengthsNm?.[bandIndex];
  if (nm !== null && nm !== undefined) return `${nm.toFixed(2)} nm`;
  return info.bandNames?.[bandIndex] ?? '';
}

/** "Band 50, 679.49 nm". */
export function bandTitle(cube: OpenCubeAnswer, bandIndex: number): string {
  const place = bandPlace(cube, bandIndex);
  return `Band ${bandIndex + 1}${place === '' ? '' : `, ${place}`}`;
}

export const ordinalWords = ['', '1st derivative', '2nd derivative', '3rd derivative'] as const;
