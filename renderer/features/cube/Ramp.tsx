import { useEffect, useRef } from 'react';

/** A colour map from low to high as a strip. */
export function Ramp({ colours }: { readonly colours: Uint8Array }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext('2d', { willReadFrequently: true });
    if (context === null || context === undefined) return;
    const image = context.createImageData(256, 1);
    for (let bin = 0; bin < 256; bin++) {
      for (let channel = 0; channel < 3; channel++) {
        image.data[bin * 4 + channel] = colours[bin * 3 + channel] ?? 0;
      }
      image.data[bin * 4 + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }, [colours]);
  return <canvas ref={ref} className="ramp" width={256} height={1} aria-hidden="true" />;
}
