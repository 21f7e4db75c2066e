/** The round step (1, 2 or 5 times a power of ten) that divides a range into about `count` parts. */
export function tickStep(low: number, high: number, count: number): number {
  const raw = (high - low) / count;
  const tenth = 10 ** Math.floor(Math.log10(raw));
  const times = raw / tenth;
  return (times >= Math.sqrt(50) ? 10 : times >= Math.sqrt(10) ? 5 : times >= Math.SQRT2 ? 2 : 1) * tenth;
}
