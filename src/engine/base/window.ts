/** A rectangle of pixels, half-open: lines line0 ... line0 + lines - 1, samples likewise; all from 0. */
export interface LineSampleWindow {
  line0: number;
  sample0: number;
  lines: number;
  samples: number;
}

/** The window that two windows share, or null where they do not meet. */
export function intersect(a: LineSampleWindow, b: LineSampleWindow): LineSampleWindow | null {
  const line0 = Math.max(a.line0, b.line0);
  const sample0 = Math.max(a.sample0, b.sample0);
  const lines = Math.min(a.line0 + a.lines, b.line0 + b.lines) - line0;
  const samples = Math.min(a.sample0 + a.samples, b.sample0 + b.samples) - sample0;
  return lines > 0 && samples > 0 ? { line0, sample0, lines, samples } : null;
}
