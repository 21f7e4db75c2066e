import { useCallback, useState } from 'react';

export interface Size {
  width: number;
  height: number;
}

/**
 * The inner size of an element in CSS pixels, followed as it changes: a callback ref for the element, and the size, null
 * until the first measurement.
 */
export function useSize(): [
  ref: (element: HTMLElement | null) => (() => void) | undefined,
  size: Size | null,
] {
  const [size, setSize] = useState<Size | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    if (element === null) return undefined;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = element;
      setSize((known) => (known?.width === width && known.height === height ? known : { width, height }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => {
      observer.disconnect();
    };
  }, []);
  return [ref, size];
}
