import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '../../engine/engine.ts';
import { workerUrl } from '../workerUrl.ts';
import { runCommandLine } from './run.ts';

// For tests only: the command line in this process, with a folder of its own and captured output.

/** What one run printed and ended with. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A cube of uint16, BSQ, little-endian, from a function of line, sample and band index. */
export interface TestCube {
  lines: number;
  samples: number;
  bands: number;
  stored: (line: number, sample: number, bandIndex: number) => number;
  /** Further header lines. */
  header?: readonly string[];
}

/** A fresh folder and runs of the command line in it, all on one engine: starting its threads takes longest. */
export class TestRun {
  readonly #engine = createEngine({ workerUrl, host: { kind: 'test', capabilities: [] }, threads: 2 });
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'cubelens-cli-')));

  /** Absolute path of a name in the folder. */
  at(name: string): string {
    return join(this.folder, name);
  }

  files(): string[] {
    return readdirSync(this.folder).sort();
  }

  /** Runs a command; `@name` among the arguments stands for a file in the folder. */
  async run(args: readonly string[], interrupt: AbortSignal = new AbortController().signal): Promise<Ran> {
    const printed = { stdout: '', stderr: '' };
    const argv = args.map((arg) => (arg.startsWith('@') ? this.at(arg.slice(1)) : arg));
    const terminal = {
      stdout: { write: (text: string) => (printed.stdout += text) },
      stderr: { write: (text: string) => (printed.stderr += text) },
      interrupt,
    };
    const code = await runCommandLine(argv, terminal, () => ({
      ...this.#engine,
      close: async () => undefined,
    }));
    return { code, ...printed };
  }

  /** Runs a command line, words separated by spaces, that must succeed with nothing but progress and assumptions on standard error. */
  async done(line: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(line.split(' '));
    if (code !== 0 || !/^([A-Z][a-z ]+(: \d+ %)?\n|Assumed .*\n)*$/.test(stderr)) {
      throw new Error(`${line}: exit code ${code}, standard error: ${stderr}`);
    }
    return stdout;
  }

  /** Runs a command that must succeed and prints one JSON document. */
  async json<Answer>(args: readonly string[]): Promise<Answer> {
    const { code, stdout, stderr } = await this.run([...args, '--json']);
    if (code !== 0) throw new Error(`exit code ${code}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }

  /** Writes name.dat and name.hdr. */
  cube(name: string, cube: TestCube): void {
    const { lines, samples, bands, stored, header = [] } = cube;
    const bytes = Buffer.alloc(2 * lines * samples * bands);
    for (let band = 0; band < bands; band++) {
      for (let line = 0; line < lines; line++) {
        for (let sample = 0; sample < samples; sample++) {
          const at = 2 * ((band * lines + line) * samples + sample);
          bytes.writeUInt16LE(stored(line, sample, band), at);
        }
      }
    }
    writeFileSync(this.at(`${name}.dat`), bytes);
    const fields = [
      `samples = ${samples}`,
      `lines = ${lines}`,
      `bands = ${bands}`,
      'header offset = 0',
      'data type = 12',
      'interleave = bsq',
      'byte order = 0',
      ...header,
    ];
    writeFileSync(this.at(`${name}.hdr`), `ENVI\n${fields.join('\n')}\n`);
  }

  async close(): Promise<void> {
    await this.#engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
