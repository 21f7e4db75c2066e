import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Electron's program has where its fuses are: this mark, a version, their number, and one character each. */
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const fuseCount = 9;

/**
 * Makes the zip of an Electron that does nothing but has fuses to set, so that packing is tested where the real one cannot be
 * had. Needs the program `zip`.
 */
export function makeStandIn(folder: string, version: string): void {
  const inside = join(folder, 'inside');
  mkdirSync(join(inside, 'resources'), { recursive: true });
  const fuses = [Buffer.from(fuseMark), Buffer.from([1, fuseCount]), Buffer.from('1'.repeat(fuseCount))];
  writeFileSync(join(inside, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), ...fuses]), {
    mode: 0o755,
  });
  writeFileSync(join(inside, 'version'), version);
  writeFileSync(join(inside, 'LICENSE'), 'A stand-in.\n');
  writeFileSync(join(inside, 'chrome-sandbox'), '');
  writeFileSync(join(inside, 'resources/default_app.asar'), '');
  const name = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  execFileSync('zip', ['-q', '-r', join(folder, name), '.'], { cwd: inside });
}
