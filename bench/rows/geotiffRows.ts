import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeBenchCube } from '../cubes.ts';
import { inTurns, repeated, type Timing } from '../measure.ts';
import { PeerInTurns } from '../peers.ts';
import { emptyRow, judge, judgeEqual, ratioOf, type Row } from '../row.ts';
import type { Stage } from '../stage.ts';
import { sumOf, Workbench } from '../workbench.ts';

const band = 20;

/** One band and one pixel of compressed GeoTIFFs, as GDAL writes them, against GDAL on one thread. */
export async function geotiffRows(stage: Stage): Promise<void> {
  const shape = stage.quick
    ? { lines: 256, samples: 256, bands: 32 }
    : { lines: 512, samples: 512, bands: 64 };
  const source = join(stage.scratch, 'geotiff-source.dat');
  const cube = await writeBenchCube(source, { ...shape, dataType: 'uint16', interleave: 'bsq', seed: 2 });
  await using bench = new Workbench();
  for (const codec of stage.quick ? ['DEFLATE'] : ['DEFLATE', 'LZW', 'ZSTD']) {
    for (const tiled of [true, false]) {
      for (const planar of ['BAND', 'PIXEL']) {
        await fileRows(stage, bench, { source, codec, tiled, planar, shape });
      }
    }
  }
  for (const path of [cube.dataPath, cube.headerPath]) await rm(path, { force: true });
}

interface TiffKind {
  source: string;
  codec: string;
  tiled: boolean;
  planar: string;
  shape: { lines: number; samples: number; bands: number };
}

async function fileRows(stage: Stage, bench: Workbench, kind: TiffKind): Promise<void> {
  const path = join(stage.scratch, 'peer.tif');
  const name = `${kind.codec}, ${kind.tiled ? 'tiled' : 'striped'}, planes by ${kind.planar.toLowerCase()}`;
  const options = [
    `COMPRESS=${kind.codec}`,
    `TILED=${kind.tiled ? 'YES' : 'NO'}`,
    `INTERLEAVE=${kind.planar}`,
  ];
  const creation = options.flatMap((option) => ['--option', option]);
  const made = await stage.peers.run('gdal-convert', ['--cube', kind.source, '--out', path, ...creation]);
  if (typeof made === 'string') {
    stage.report({ ...emptyRow(`GeoTIFF ${name}`), peer: made, notes: ['no file to read'] });
    return;
  }
  await bandRow(stage, bench, path, name);
  await pixelRow(stage, bench, path, name, kind);
  await rm(path, { force: true });
}

async function bandRow(stage: Stage, bench: Workbench, path: string, name: string): Promise<void> {
  const row = emptyRow(`GeoTIFF band, ${name}`);
  let tiles: ArrayBuffer[] = [];
  const ours = async (): Promise<void> => {
    const cube = await bench.open(path);
    tiles = await bench.tiles(cube, { kind: 'stored', parameters: { bandIndex: band - 1 } });
    await bench.close(cube);
  };
  const args = ['--cube', path, '--read', 'band', '--band', String(band)];
  const peer = new PeerInTurns(stage.peers, 'gdal-read', args, 5);
  await ours();
  const times = await inTurns(stage.quick ? 1 : 3, { ours: repeated(5, ours), peer: peer.work });
  finish(stage, row, times, peer, sumOf(tiles, 'uint16'));
}

async function pixelRow(
  stage: Stage,
  bench: Workbench,
  path: string,
  name: string,
  { shape }: TiffKind,
): Promise<void> {
  const row = emptyRow(`GeoTIFF pixel, ${name}`);
  const line = Math.floor(shape.lines / 3);
  const sample = Math.floor(shape.samples / 2);
  let sum = NaN;
  const ours = async (): Promise<void> => {
    const cube = await bench.open(path);
    const [pixel] = (await bench.spectrum(cube, line, sample)).pixels;
    sum = (pixel?.stored ?? []).reduce((total: number, value) => total + Number(value), 0);
    await bench.close(cube);
  };
  const args = ['--cube', path, '--read', 'pixel', '--line', String(line), '--sample', String(sample)];
  const peer = new PeerInTurns(stage.peers, 'gdal-read', args, 5);
  await ours();
  const times = await inTurns(stage.quick ? 1 : 3, { ours: repeated(5, ours), peer: peer.work });
  finish(stage, row, times, peer, sum);
}

function finish(
  stage: Stage,
  row: Row,
  times: { ours: Timing; peer: Timing },
  peer: PeerInTurns,
  sum: number,
): void {
  row.ours = times.ours;
  row.peer = typeof peer.last === 'string' ? peer.last : { name: 'GDAL, one thread', timing: times.peer };
  judge(row, 'no slower than GDAL', ratioOf(row), (ratio) => ratio >= 1);
  judgeEqual(row, sum, peer.checksum, 0);
  stage.report(row);
}
