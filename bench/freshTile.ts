import { peakBytes, runModule, type FreshRun } from './freshProcess.ts';
import { secondsOf } from './measure.ts';
import { Workbench } from './workbench.ts';

/** Opens a file in a fresh process, as a host does, and asks for the single tile of its top level. */
export function freshTopTile(path: string, exact: boolean): Promise<FreshRun> {
  return runModule<FreshRun>(import.meta.url, [path, ...(exact ? ['exact'] : [])]);
}

async function main([path = '', exact]: readonly string[]): Promise<void> {
  await using bench = new Workbench({ cachesAsHost: true });
  const seconds = await secondsOf(async () => {
    const cube = await bench.open(path);
    const top = { level: cube.tiles.levels - 1, row: 0, column: 0 };
    const image = { kind: 'band', parameters: { bandIndex: 0 } } as const;
    await bench.tile(cube, image, top, { exact: exact === 'exact' });
  });
  const report: FreshRun = { seconds, peakBytes: peakBytes() };
  process.stdout.write(JSON.stringify(report));
}

if (import.meta.main) await main(process.argv.slice(2));
