/** What work is for. Higher runs first; work of one kind runs in the order it came. */
export const priorities = {
  open: 60,
  click: 50,
  visible: 40,
  prefetch: 30,
  statistics: 20,
  export: 10,
} as const;
export type Priority = keyof typeof priorities;

/** The one description that travels with a request through images, blocks and pool down to the readers. */
export interface Work {
  /** Aborted when nobody wants it any more. */
  readonly signal?: AbortSignal | undefined;
  /** Looked at when a worker becomes free, so that it may still rise while the work waits. */
  readonly priority: Priority;
  /** The view that wants it and the generation of what that view shows; a newer generation drops what still waits. */
  readonly view?: string | undefined;
  readonly generation?: number | undefined;
  /** Called when a worker begins with it: what has begun is not dropped any more. */
  readonly onStart?: (() => void) | undefined;
}

/** The same work where what a worker does is only a step before the thing itself: it may still be dropped afterwards. */
export const preparing = (work: Work): Work => ({
  signal: work.signal,
  get priority() {
    return work.priority;
  },
  view: work.view,
  generation: work.generation,
});
