/** CSS pixels, and device pixels per CSS pixel; the product is whole. */
export interface ScreenSize {
  width: number;
  height: number;
  ratio: number;
}

/** A lost graphics context that comes back sooner is not spoken of. */
const lossPatienceMs = 1500;

/** Makes an element a band view for people and browsers; gives the function that undoes it. */
export function dress(element: HTMLElement): () => void {
  element.classList.add('band-view');
  const given = { role: element.getAttribute('role'), tabindex: element.getAttribute('tabindex') };
  // Arrow keys and letters are the view's own, so a screen reader must let them through.
  if (given.role === null) element.setAttribute('role', 'application');
  if (given.tabindex === null) element.setAttribute('tabindex', '0');
  return () => {
    element.classList.remove('band-view');
    if (element.className === '') element.removeAttribute('class');
    delete element.dataset['dragging'];
    for (const [name, value] of Object.entries(given)) if (value === null) element.removeAttribute(name);
  };
}

/** Tells an element's size now and whenever it or the screen's resolution changes; gives the function that ends it. */
export function watchSize(element: HTMLElement, changed: (size: ScreenSize) => void): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const ratio = devicePixelRatio;
    const { width, height } = entry.contentRect;
    const [exact] = (entry.devicePixelContentBoxSize as readonly ResizeObserverSize[] | undefined) ?? [];
    changed({
      width: deviceSize(width * ratio, exact?.inlineSize) / ratio,
      height: deviceSize(height * ratio, exact?.blockSize) / ratio,
      ratio,
    });
  });
  try {
    observer.observe(element, { box: 'device-pixel-content-box' });
  } catch {
    // Safari does not know that box.
    observer.observe(element);
  }
  return () => {
    observer.disconnect();
  };
}

/** The browser knows to which whole device pixel it rounds; what is further off than rounding is not that. */
const deviceSize = (css: number, exact: number | undefined): number =>
  exact !== undefined && Math.abs(exact - css) < 2 ? exact : Math.round(css);

/** Follows the loss of a canvas's graphics context; gives the function that ends it. */
export function watchContext(
  canvas: HTMLCanvasElement,
  tell: { lost(): void; stayedLost(): void; restored(): void },
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lost = (): void => {
    tell.lost();
    clearTimeout(timer);
    timer = setTimeout(() => {
      tell.stayedLost();
    }, lossPatienceMs);
  };
  const restored = (): void => {
    clearTimeout(timer);
    tell.restored();
  };
  canvas.addEventListener('webglcontextlost', lost);
  canvas.addEventListener('webglcontextrestored', restored);
  return () => {
    clearTimeout(timer);
    canvas.removeEventListener('webglcontextlost', lost);
    canvas.removeEventListener('webglcontextrestored', restored);
  };
}
