import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const rectangle = z.strictObject({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });

const schema = z.object({
  place: z.strictObject({ bounds: rectangle, isMaximised: z.boolean() }).nullable().default(null),
  /** Absolute paths, the last one first. */
  recent: z.array(z.string().max(32_768)).max(20).default([]),
  /** Folder of the last dialog: the system does not remember it since Electron 43. */
  folder: z.string().max(32_768).nullable().default(null),
});

/** What the app remembers from one run to the next. */
export type SettingsValues = z.infer<typeof schema>;

/** A small file in the app's own folder. What is broken there counts as nothing. */
export class Settings {
  readonly #file: string;
  #values: SettingsValues;

  constructor(folder: string) {
    this.#file = join(folder, 'settings.json');
    this.#values = read(this.#file);
  }

  get values(): SettingsValues {
    return this.#values;
  }

  /** Written at once and whole: the app may end at any moment. That it cannot be kept is no reason to fail. */
  change(part: Partial<SettingsValues>): void {
    this.#values = { ...this.#values, ...part };
    try {
      writeFileSync(`${this.#file}.new`, `${JSON.stringify(this.#values, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // A folder that cannot be written.
    }
  }
}

function read(file: string): SettingsValues {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return schema.parse({});
  }
}
