import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runAgainst } from './against/run.ts';
import { scratchFolder } from './cubes.ts';
import { Peers } from './peers.ts';
import { emptyRow, type Row } from './row.ts';
import { cubeRows } from './rows/cubeRows.ts';
import { exportRows } from './rows/exportRows.ts';
import { geotiffRows } from './rows/geotiffRows.ts';
import { memoryRows } from './rows/memoryRows.ts';
import { learningRows } from './rows/learningRows.ts';
import { roomRows } from './rows/roomRows.ts';
import { uiRows } from './rows/uiRows.ts';
import { windowRows } from './rows/windowRows.ts';
import { cubesIn, type Stage } from './stage.ts';
import { formatTable } from './table.ts';
import { threads } from './workbench.ts';

const groups: Record<string, (stage: Stage) => Promise<void>> = {
  cube: cubeRows,
  memory: memoryRows,
  export: exportRows,
  geotiff: geotiffRows,
  rooms: roomRows,
  learning: learningRows,
  window: windowRows,
  ui: uiRows,
};

const usage = `npm run bench -- [--quick] [--only NAME]... [--scratch DIR] [--keep]

  --quick        small cubes, one round: does everything work? (times are worth little)
  --only NAME    one group: ${Object.keys(groups).join(', ')}
  --scratch DIR  folder for the benchmark files (about 4 GB on a disk; default: the system's temporary folder)
  --keep         leave the benchmark files where they are

npm run bench -- --against COMMIT [--rounds N] [--quick] [--only NAME]... [--scratch DIR]

  --against COMMIT  this checkout and a clean checkout of COMMIT in turn, each with its own bench; prints ratios and ends
                    with exit code 1 where this one is more than 15 % slower
  --rounds N        how often each runs (default: 3)
`;

const memoryFileSystem = '/dev/shm';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      scratch: { type: 'string' },
      keep: { type: 'boolean', default: false },
      against: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.filter((name) => !Object.hasOwn(groups, name));
  const rounds = Number(values.rounds);
  if (values.help || unknown.length > 0 || !(Number.isInteger(rounds) && rounds > 0)) {
    process.stdout.write(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  if (values.against !== undefined) {
    const { against: commit, quick, scratch } = values;
    const names = values.only.length > 0 ? values.only : Object.keys(groups);
    process.exitCode = await runAgainst({ commit, rounds, groups: names, quick, scratch });
    return;
  }
  const scratch = await scratchFolder(values.scratch);
  const memoryFolder = await memoryScratch(values.quick ? 0.4e9 : 3e9);
  const shape = values.quick
    ? { lines: 200, samples: 300, bands: 200 }
    : { lines: 1000, samples: 1000, bands: 200 };
  const rows: Row[] = [];
  const peers = new Peers();
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const stage: Stage = {
    quick: values.quick,
    scratch: scratch.path,
    memoryFolder: memoryFolder?.path ?? null,
    peers,
    say,
    report: (row) => {
      // Small cubes say nothing about what a later stage must reach.
      if (values.quick) for (const criterion of row.criteria) if (!criterion.hard) criterion.met = null;
      rows.push(row);
      say(`  ${row.work}`);
    },
    cube: cubesIn(scratch.path, shape, say),
    shape,
  };
  try {
    for (const [name, group] of Object.entries(groups)) {
      if (values.only.length === 0 || values.only.includes(name)) await guarded(name, group, stage);
    }
  } finally {
    await memoryFolder?.remove();
    if (values.keep) say(`Benchmark files: ${scratch.path}`);
    else await scratch.remove();
  }
  await report(rows, peers, { quick: values.quick, shape });
}

/** One group that fails does not take the others with it. */
async function guarded(name: string, group: (stage: Stage) => Promise<void>, stage: Stage): Promise<void> {
  stage.say(`${name}:`);
  try {
    await group(stage);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const failed = { text: message.slice(0, 200), met: false, hard: true };
    stage.report({ ...emptyRow(`${name}: failed`), criteria: [failed] });
  }
}

/** A folder on the memory file system, where there is one with room. */
async function memoryScratch(bytes: number): Promise<Awaited<ReturnType<typeof scratchFolder>> | null> {
  try {
    const system = await statfs(memoryFileSystem);
    if (system.bavail * system.bsize < bytes || totalmem() < 3 * bytes) return null;
    return await scratchFolder(memoryFileSystem);
  } catch {
    return null;
  }
}

async function report(rows: readonly Row[], peers: Peers, settings: Record<string, unknown>): Promise<void> {
  const machine = {
    system: type(),
    processor: cpus()[0]?.model ?? 'unknown',
    processors: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.version,
    threads,
    peers: peers.versions,
  };
  process.stdout.write(`\n${formatTable(rows)}\n${JSON.stringify(machine)}\n`);
  const folder = join(import.meta.dirname, 'results');
  await mkdir(folder, { recursive: true });
  const now = new Date().toISOString().replaceAll(':', '').slice(0, 17);
  const file = join(folder, `${now}.json`);
  await writeFile(file, `${JSON.stringify({ ...settings, machine, rows }, null, 2)}\n`);
  const missed = rows.filter((row) => row.criteria.some(({ hard, met }) => hard && met === false));
  for (const { work } of missed) process.stdout.write(`MISSED (must hold): ${work}\n`);
  if (missed.length > 0) process.exitCode = 1;
}

await main();
