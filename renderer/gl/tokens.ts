/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Colours of what is not the picture, from the custom properties of the page's theme. */
export interface ViewTokens {
  /** Around the image. */
  canvas: Rgb;
  /** The other squares of the checkerboard where pixels have no value. */
  check: Rgb;
  /** Hatching of what could not be had. */
  stripe: Rgb;
}

/** The tokens as they hold for an element now. */
export function readTokens(element: Element): ViewTokens {
  const style = getComputedStyle(element);
  const canvas = colourBytes(style.getPropertyValue('--canvas'), [128, 128, 128]);
  const muted = colourBytes(style.getPropertyValue('--text-muted'), [90, 90, 90]);
  return { canvas, check: mix(canvas, muted, 0.14), stripe: mix(canvas, muted, 0.6) };
}

/** Calls back when the theme may have changed; gives the function that ends it. */
export function watchTheme(changed: () => void): () => void {
  const attributes = new MutationObserver(changed);
  attributes.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class'],
  });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', changed);
  return () => {
    attributes.disconnect();
    system.removeEventListener('change', changed);
  };
}

/** A colour halfway between two: `share` of the second. */
export const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  Math.round(a[0] + (b[0] - a[0]) * share),
  Math.round(a[1] + (b[1] - a[1]) * share),
  Math.round(a[2] + (b[2] - a[2]) * share),
];

/** Any colour CSS knows, as the bytes a screen gets. */
function colourBytes(text: string, fallback: Rgb): Rgb {
  const colour = text.trim();
  if (colour === '' || !CSS.supports('color', colour)) return fallback;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return fallback;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}
