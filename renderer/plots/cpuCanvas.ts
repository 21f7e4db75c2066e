/**
 * What `make` does, with 2D canvases that Chromium draws without the graphics card: in software GL a frame takes a tenth
 * of the time. uPlot has no option for it and asks for its context inside `new`, so the method is wrapped meanwhile.
 */
export function cpuCanvas<T>(make: () => T): T {
  const prototype = HTMLCanvasElement.prototype;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'getContext');
  const original = descriptor?.value as ((kind: string, options?: object) => unknown) | undefined;
  if (descriptor === undefined || original === undefined) return make();
  prototype.getContext = function (this: HTMLCanvasElement, kind: string, options?: object) {
    return original.call(this, kind, kind === '2d' ? { ...options, willReadFrequently: true } : options);
  } as typeof prototype.getContext;
  try {
    return make();
  } finally {
    Object.defineProperty(prototype, 'getContext', descriptor);
  }
}
