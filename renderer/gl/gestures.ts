import { keyAction, wheelAction, zoomStep, type KeyAction } from './inputs.ts';
import type { Point } from './viewGeometry.ts';

/** What gestures drive. Points are CSS pixels from the element's upper left corner. */
export interface GestureTarget {
  zoom(factor: number, about: Point): void;
  /** Moves the picture by CSS pixels. */
  drag(dx: number, dy: number): void;
  pinch(from: readonly [Point, Point], to: readonly [Point, Point]): void;
  pick(point: Point): void;
  hover(point: Point | null): void;
  key(action: KeyAction): void;
}

/** A pointer that moves less than this, in CSS pixels, clicks. */
const dragThreshold = 4;

interface Held {
  start: Point;
  last: Point;
  button: number;
  isDragging: boolean;
}

/** Listens to pointer, wheel and keys of an element; gives the function that ends it. */
export function listen(element: HTMLElement, target: GestureTarget): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  const pointAt = (event: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left - element.clientLeft, y: event.clientY - top - element.clientTop };
  };
  listenToPointers(element, target, pointAt, signal);
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const action = wheelAction(event);
      if ('zoom' in action) target.zoom(action.zoom, pointAt(event));
      else target.drag(action.dx, action.dy);
    },
    { signal, passive: false },
  );
  element.addEventListener(
    'dblclick',
    (event) => {
      if (event.button === 0) target.zoom(zoomStep * zoomStep, pointAt(event));
    },
    { signal },
  );
  // The menu is of the pixel under the pointer; one that a key opens is of the picked one.
  element.addEventListener(
    'contextmenu',
    (event) => {
      if (event.button === 2 && event.target === element) target.pick(pointAt(event));
    },
    { signal },
  );
  element.addEventListener(
    'keydown',
    (event) => {
      const action = event.target === element ? keyAction(event) : null;
      if (action === null) return;
      // Alt with an arrow would leave the page; the shell's own keys are others.
      event.preventDefault();
      event.stopPropagation();
      target.key(action);
    },
    { signal },
  );
  return () => {
    ends.abort();
  };
}

function listenToPointers(
  element: HTMLElement,
  target: GestureTarget,
  pointAt: (event: MouseEvent) => Point,
  signal: AbortSignal,
): void {
  const held = new Map<number, Held>();
  /** Two fingers were down since the last time none was: what ends now is no tap. */
  let wasPinch = false;

  function down(event: PointerEvent): void {
    // The left and the middle button drag; the right one is the menu's.
    if (event.button !== 0 && event.button !== 1) return;
    if (event.button === 1) event.preventDefault();
    element.focus({ preventScroll: true });
    element.setPointerCapture(event.pointerId);
    const point = pointAt(event);
    if (held.size === 0) wasPinch = false;
    held.set(event.pointerId, { start: point, last: point, button: event.button, isDragging: false });
    if (held.size > 1) wasPinch = true;
  }

  function move(event: PointerEvent): void {
    const point = pointAt(event);
    const own = held.get(event.pointerId);
    if (own === undefined) {
      if (held.size === 0 && event.pointerType !== 'touch') target.hover(point);
      return;
    }
    if (held.size >= 2) pinchWith(event.pointerId, own, point);
    else dragWith(own, point);
    own.last = point;
  }

  function pinchWith(pointerId: number, own: Held, point: Point): void {
    const other = [...held].find(([id]) => id !== pointerId)?.[1];
    if (other !== undefined) target.pinch([other.last, own.last], [other.last, point]);
  }

  function dragWith(own: Held, point: Point): void {
    if (!own.isDragging && Math.hypot(point.x - own.start.x, point.y - own.start.y) < dragThreshold) return;
    // The way to the threshold is made up for: the place under the pointer stays there.
    const from = own.isDragging ? own.last : own.start;
    if (!own.isDragging) {
      own.isDragging = true;
      element.dataset['dragging'] = '';
      target.hover(null);
    }
    target.drag(point.x - from.x, point.y - from.y);
  }

  function up(event: PointerEvent): void {
    const own = held.get(event.pointerId);
    if (own === undefined) return;
    release(event.pointerId);
    if (!own.isDragging && !wasPinch && own.button === 0) target.pick(pointAt(event));
  }

  function release(pointerId: number): void {
    held.delete(pointerId);
    // The finger that stays after a pinch goes on dragging from where it is.
    for (const rest of held.values()) rest.isDragging = true;
    if (held.size === 0) delete element.dataset['dragging'];
  }

  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener(
    'pointercancel',
    (event) => {
      release(event.pointerId);
    },
    { signal },
  );
  element.addEventListener(
    'pointerleave',
    () => {
      if (held.size === 0) target.hover(null);
    },
    { signal },
  );
}
