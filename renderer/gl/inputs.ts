/** What a key press asks of the band view; `move` steps the picked pixel, `pan` moves by fractions of the screen. */
export type KeyAction =
  | { kind: 'move'; lines: number; samples: number }
  | { kind: 'pan'; x: number; y: number }
  | { kind: 'zoom'; factor: number }
  | { kind: 'fit' }
  | { kind: 'actual' };

/** The parts of a keyboard event that count. */
export interface KeyPress {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** The parts of a wheel event that count. */
export interface WheelTurn {
  deltaX: number;
  deltaY: number;
  /** 0 pixels, 1 lines, 2 pages. */
  deltaMode: number;
  ctrlKey: boolean;
  shiftKey: boolean;
}

/** Keys of the band view, for the sheet of keys. */
export const bandViewKeys = [
  { keys: 'arrows', does: 'Move the picked pixel by 1' },
  { keys: '⇧ arrows', does: 'Move the picked pixel by 10' },
  { keys: 'Alt arrows', does: 'Move the image' },
  { keys: '+', does: 'Zoom in' },
  { keys: '-', does: 'Zoom out' },
  { keys: '0', does: 'Fit the image into the view' },
  { keys: '9', does: 'One image pixel to one screen pixel' },
] as const;

/** One press of a zoom key or button. */
export const zoomStep = Math.SQRT2;
/** A pan key moves by this fraction of the screen. */
const panStep = 0.125;

const arrows: Record<string, readonly [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What a key asks for; null where it is not one of the view's own (also with Ctrl or Command, which are the shell's). */
export function keyAction({ key, shiftKey, altKey, ctrlKey, metaKey }: KeyPress): KeyAction | null {
  if (ctrlKey || metaKey) return null;
  const arrow = Object.hasOwn(arrows, key) ? arrows[key] : undefined;
  if (arrow !== undefined) {
    const [x, y] = arrow;
    if (altKey) return { kind: 'pan', x: x * panStep, y: y * panStep };
    const step = shiftKey ? 10 : 1;
    return { kind: 'move', lines: y * step, samples: x * step };
  }
  if (altKey) return null;
  if (key === '+' || key === '=') return { kind: 'zoom', factor: zoomStep };
  if (key === '-' || key === '_') return { kind: 'zoom', factor: 1 / zoomStep };
  if (key === '0') return { kind: 'fit' };
  if (key === '9') return { kind: 'actual' };
  return null;
}

/**
 * What a turn of the wheel means. It zooms, as in ENVI and QGIS: a notch of a mouse by about a fifth, two fingers of a
 * touch pad continuously; a pinch (which arrives with Ctrl) as the fingers go; with Shift it pans.
 */
export function wheelAction(turn: WheelTurn): { zoom: number } | { dx: number; dy: number } {
  const unit = turn.deltaMode === 1 ? 33 : turn.deltaMode === 2 ? 100 : 1;
  if (turn.shiftKey && !turn.ctrlKey) return { dx: -turn.deltaX * unit, dy: -turn.deltaY * unit };
  // Some wheels report several notches at once: at most as far as two.
  const delta = Math.max(-200, Math.min(200, turn.deltaY * unit));
  return { zoom: Math.exp(-delta * (turn.ctrlKey ? 0.01 : 0.0018)) };
}
