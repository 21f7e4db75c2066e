/** The band a key leads to on a band slider: arrows 1, Page keys 10, Home and End. Null for other keys. */
export function bandForKey(key: string, bandIndex: number, bands: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: 1,
    ArrowUp: 1,
    ArrowLeft: -1,
    ArrowDown: -1,
    PageUp: 10,
    PageDown: -10,
    Home: -Infinity,
    End: Infinity,
  };
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return step === undefined ? null : Math.min(bands - 1, Math.max(0, bandIndex + step));
}

/** True for a press with a modifier, which belongs to the window's commands. */
export const isModified = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey || metaKey || altKey;
