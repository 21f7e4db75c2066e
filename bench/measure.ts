/** Seconds of every run of one piece of work. */
export interface Timing {
  runs: number[];
  median: number;
}

/** Something to time: gives the seconds of its runs (one, or a few where starting it is what takes long). */
export type Timed = () => Promise<number[]>;

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export const timing = (runs: number[]): Timing => ({ runs, median: median(runs) });

/** Runs everything in turn, round after round, so that what disturbs the machine disturbs all of it alike. */
export async function inTurns<Name extends string>(
  rounds: number,
  works: Record<Name, Timed>,
): Promise<Record<Name, Timing>> {
  const names = Object.keys(works) as Name[];
  const runs = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) runs.get(name)?.push(...(await works[name]()));
  }
  return Object.fromEntries(names.map((name) => [name, timing(runs.get(name) ?? [])])) as Record<
    Name,
    Timing
  >;
}

/** Seconds that a piece of work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The same, some times over. */
export function repeated(times: number, work: (round: number) => Promise<unknown>): Timed {
  return async () => {
    const runs: number[] = [];
    for (let k = 0; k < times; k++) runs.push(await secondsOf(() => work(k)));
    return runs;
  };
}
