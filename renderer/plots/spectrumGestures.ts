/** What the pointer does to the plot, in pixels from the left and upper end of the axes. */
export interface GestureEvents {
  onPoint(point: { x: number; y: number }): void;
  /** Null: the pointer left. */
  onHover(point: { x: number; y: number } | null): void;
  /** A stretch was dragged. */
  onStretch(from: number, to: number): void;
  /** Factor above 1: nearer. */
  onZoom(factor: number, x: number): void;
  /** Share of the width to move by. */
  onPan(share: number): void;
  onReset(): void;
}

/** Less is a click. */
const LEAST_DRAG = 4;

/** Clicks, drags and the wheel over the axes' area; ends with `signal`. */
export function watchGestures(area: HTMLElement, events: GestureEvents, signal: AbortSignal): void {
  const selection = document.createElement('div');
  selection.className = 'spectrum-selection';
  selection.hidden = true;
  area.append(selection);
  let start: { x: number; dragged: boolean } | null = null;

  const pointOf = (event: MouseEvent) => {
    const rect = area.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  const drop = () => {
    start = null;
    selection.hidden = true;
  };
  const listen = <K extends keyof HTMLElementEventMap>(
    name: K,
    handler: (event: HTMLElementEventMap[K]) => void,
    passive = true,
  ) => {
    area.addEventListener(name, handler, { signal, passive });
  };

  listen('pointerdown', (event) => {
    // The band line has a hand of its own.
    if (event.button !== 0 || event.target !== area) return;
    area.setPointerCapture(event.pointerId);
    start = { x: pointOf(event).x, dragged: false };
  });
  listen('pointermove', (event) => {
    const point = pointOf(event);
    const width = area.clientWidth;
    if (start === null) {
      events.onHover(point.x >= 0 && point.x <= width ? point : null);
      return;
    }
    if (Math.abs(point.x - start.x) >= LEAST_DRAG) start.dragged = true;
    if (!start.dragged) return;
    const x = Math.min(width, Math.max(0, point.x));
    selection.hidden = false;
    selection.style.left = `${Math.min(x, start.x)}px`;
    selection.style.width = `${Math.abs(x - start.x)}px`;
  });
  listen('pointerup', (event) => {
    if (start === null) return;
    const { x, dragged } = start;
    drop();
    const point = pointOf(event);
    if (dragged) events.onStretch(x, point.x);
    else events.onPoint(point);
  });
  listen('pointercancel', drop);
  listen('lostpointercapture', drop);
  listen('pointerleave', () => {
    events.onHover(null);
  });
  listen('dblclick', () => {
    events.onReset();
  });
  listen(
    'wheel',
    (event) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const { x } = pointOf(event);
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
        events.onPan((event.deltaX * pixels) / area.clientWidth);
      else events.onZoom(Math.exp(-event.deltaY * pixels * 0.0016), x);
    },
    false,
  );
}
