import { CubelensError } from '../../base/errors.ts';
import type { CancelOptions } from '../../base/signal.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { malformedModel, parsedJson } from './malformedModel.ts';
import { isTensorflowJs, shardNames } from './tensorflowJsModel.ts';

/** A model file, and what lies in its folder. */
export interface ModelFiles {
  main: ByteSource;
  /** The file of this name (no folder in it) beside the model; null where there is none. */
  beside: (name: string) => Promise<ByteSource | null> | ByteSource | null;
}

/** What a model file holds: the content decides, not the name. */
export type ModelContent =
  | { kind: 'keras' | 'hdf5'; bytes: Uint8Array }
  | { kind: 'json'; json: unknown }
  /** With the contents of its weight files by name. */
  | { kind: 'tensorflow-js'; json: unknown; shards: ReadonlyMap<string, Uint8Array> };

/** Largest file that is read whole. */
const maxBytes = 1 << 29;

/**
 * Reads a model file and its weights beside it. Throws `unsupported-format` for other files, `malformed-file` for damage,
 * `not-found` for weights that are missing, `resource-exhausted` for files that are too large.
 */
export async function readModel(files: ModelFiles, options: CancelOptions = {}): Promise<ModelContent> {
  const { main } = files;
  const bytes = await wholeFile(main, options);
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return { kind: 'keras', bytes };
  if (startsWith(bytes, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])) return { kind: 'hdf5', bytes };
  const text = new TextDecoder().decode(bytes);
  if (!text.trimStart().startsWith('{')) {
    throw new CubelensError('unsupported-format', `${main.name} is no model that can be opened.`, {
      file: main.name,
      remedy: 'Open a .keras or .h5 file of Keras, model.json of TensorFlow.js, or a model as JSON.',
    });
  }
  const json = parsedJson(text, main.name);
  if (!isTensorflowJs(json)) return { kind: 'json', json };
  const shards = new Map<string, Uint8Array>();
  let bytesLeft = maxBytes;
  for (const name of shardNames(json, main.name)) {
    const source = await files.beside(name);
    if (source === null) {
      throw new CubelensError('not-found', `${main.name}: its weights "${name}" are not beside it.`, {
        file: main.name,
        field: 'weightsManifest',
        remedy: 'Keep model.json and its weight files in one folder.',
      });
    }
    bytesLeft -= source.size;
    if (bytesLeft < 0) throw tooLarge(main.name, `its weights have more than ${maxBytes} bytes`);
    // A model without weights has an empty file for them.
    shards.set(name, source.size === 0 ? new Uint8Array() : await wholeFile(source, options));
  }
  return { kind: 'tensorflow-js', json, shards };
}

async function wholeFile(source: ByteSource, options: CancelOptions): Promise<Uint8Array> {
  if (source.size === 0) throw malformedModel(source.name, 'it is empty');
  if (source.size > maxBytes) {
    throw tooLarge(source.name, `it has ${source.size} bytes; models up to ${maxBytes} are read`);
  }
  return source.read(0, source.size, options);
}

const tooLarge = (file: string, message: string): CubelensError =>
  new CubelensError('resource-exhausted', `${file}: ${message}.`, { file, remedy: 'Use a smaller model.' });

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);
