import type { WrittenFile } from '../../engine/contract/index.ts';
import { outputText } from './text.ts';

/** What was written, below the answer. */
export const filesText = (written: WrittenFile | null): string =>
  written === null || written.files.length === 0 ? '' : `\n${outputText(written)}`;

/** Of many photos only how many. */
export const undistortedText = (written: WrittenFile | null): string =>
  written === null || written.files.length <= 3
    ? filesText(written)
    : `\nWrote ${written.files.length} undistorted photos, ${written.files[0] ?? ''} to ${written.files.at(-1) ?? ''} (${written.bytes} bytes)\n`;
