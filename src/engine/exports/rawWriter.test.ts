import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bytesOf, dataTypes, newStoredArray, type DataType, type Interleave } from '../base/dataTypes.ts';
import { Scratch } from '../base/scratch.ts';
import type { Layout } from '../cube/cube.ts';
import { createOutput } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';
import { planChunks } from './chunks.ts';
import { planesOfArray, targetBytes, writeRawWindow } from './rawWriter.ts';

const folder = mkdtempSync(join(tmpdir(), 'cubelens-raw-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Byte `part` of the value at a place: any pattern in which neighbours differ. */
const byteAt = (line: number, sample: number, band: number, part: number): number =>
  (line * 89 + sample * 31 + band * 7 + part * 3 + 1) & 255;

interface Shape {
  dataType: DataType;
  interleave: Interleave;
  headerOffset: number;
  lines: number;
  samples: number;
  bands: number;
}

/** The file that a target must become, value by value. */
function wantedBytes({ dataType, interleave, headerOffset, lines, samples, bands }: Shape): Buffer {
  const size = bytesOf(dataType);
  const out = Buffer.alloc(headerOffset + lines * samples * bands * size);
  for (let line = 0; line < lines; line++) {
    for (let sample = 0; sample < samples; sample++) {
      for (let band = 0; band < bands; band++) {
        const place = {
          bsq: (band * lines + line) * samples + sample,
          bil: (line * bands + band) * samples + sample,
          bip: (line * samples + sample) * bands + band,
        }[interleave];
        for (let part = 0; part < size; part++) {
          out[headerOffset + place * size + part] = byteAt(line, sample, band, part);
        }
      }
    }
  }
  return out;
}

it('windows written in any order make the file, in every type and interleave', async () => {
  const shapes = fc.record({
    dataType: fc.constantFrom(...dataTypes),
    interleave: fc.constantFrom<Interleave>('bsq', 'bil', 'bip'),
    headerOffset: fc.integer({ min: 0, max: 33 }),
    lines: fc.integer({ min: 1, max: 9 }),
    samples: fc.integer({ min: 1, max: 11 }),
    bands: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 15, max: 37 })),
  });
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.integer({ min: 1, max: 400 }),
      fc.boolean(),
      async (shape, budget, backwards) => {
        const output = await createOutput(join(folder, 'x.dat'), targetBytes(shape));
        const windows = planChunks({ kind: 'raw' } as Layout, shape, shape.bands, budget);
        const writer = new PartWriter(output);
        const memory = new Scratch();
        const size = bytesOf(shape.dataType);
        for (const window of backwards ? windows.reverse() : windows) {
          const data = newStoredArray(shape.dataType, shape.bands * window.lines * window.samples);
          const bytes = new Uint8Array(data.buffer);
          let to = 0;
          for (let band = 0; band < shape.bands; band++) {
            for (let line = 0; line < window.lines; line++) {
              for (let sample = 0; sample < window.samples; sample++) {
                for (let part = 0; part < size; part++) {
                  bytes[to++] = byteAt(window.line0 + line, window.sample0 + sample, band, part);
                }
              }
            }
          }
          const planes = planesOfArray(data, data.length / shape.bands);
          writeRawWindow({ ...shape, output }, window, planes, writer, memory);
        }
        writer.close();
        expect(Buffer.compare(readFileSync(output.part), wantedBytes(shape))).toBe(0);
        rmSync(output.part);
      },
    ),
  );
});
