/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Colours of what is not the picture, from the custom properties of the page's theme. */
export interface ViewTokens {
  /** Around the image. */
  surround: Rgb;
  /** The two stripes where pixels have no value. */
  ground: Rgb;
  check: Rgb;
  /** Thin stripes over the ground: what could not be had. */
  stripe: Rgb;
}

/** The tokens as they hold for an element now. */
export function readTokens(element: Element): ViewTokens {
  const style = getComputedStyle(element);
  const token = (name: string, fallback: Rgb): Rgb => colourBytes(style.getPropertyValue(name), fallback);
  return {
    surround: token('--bg-view', [217, 219, 222]),
    ground: token('--nodata-a', [205, 208, 212]),
    check: token('--nodata-b', [193, 197, 202]),
    stripe: token('--text-3', [87, 94, 104]),
  };
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
