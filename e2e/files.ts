import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cubelens } from './commandLine.ts';

const data = resolve(process.env['CUBELENS_DATA'] ?? join(import.meta.dirname, '../../shared/data'));

/** A folder that goes with this process. */
function temporaryFolder(prefix: string): string {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A real cube's files where they are there, else null: their specs are skipped. */
export function realFiles(...names: string[]): string[] | null {
  const files = names.map((name) => join(data, name));
  return files.every(existsSync) ? files : null;
}

let made: string | null = null;

/** The demo scene as files, made by the command line once a run. */
export function demoFiles(): { header: string; data: string; folder: string } {
  if (made === null) {
    made = temporaryFolder('cubelens-e2e-demo-');
    cubelens('demo', '--out', join(made, 'scene.dat'));
  }
  return { header: join(made, 'scene.hdr'), data: join(made, 'scene.dat'), folder: made };
}

/** A file that is no cube, and a header whose data file is missing. */
export function brokenFiles(): { text: string; header: string } {
  const folder = temporaryFolder('cubelens-e2e-broken-');
  const text = join(folder, 'letter.tif');
  writeFileSync(text, 'Dear Sir or Madam');
  const header = join(folder, 'alone.hdr');
  writeFileSync(header, 'ENVI\nsamples = 2\nlines = 2\nbands = 2\ndata type = 1\ninterleave = bsq\n');
  return { text, header };
}

/** An ENVI cube of zeros that takes no room on the disk: large enough to be caught in the middle of an export. */
export function emptyCube(lines: number, samples: number, bands: number): { header: string; data: string } {
  const folder = temporaryFolder('cubelens-e2e-empty-');
  const header = join(folder, 'empty.hdr');
  const data = join(folder, 'empty.dat');
  writeFileSync(
    header,
    `ENVI\nsamples = ${samples}\nlines = ${lines}\nbands = ${bands}\ndata type = 12\ninterleave = bsq\nheader offset = 0\nbyte order = 0\n`,
  );
  writeFileSync(data, '');
  truncateSync(data, lines * samples * bands * 2);
  return { header, data };
}
