import { CubelensError } from '../../base/errors.ts';
import type { CancelOptions } from '../../base/signal.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { networkOfJson } from './jsonModel.ts';
import { networkOfKerasHdf5, networkOfKerasZip, parsedJson } from './kerasFiles.ts';
import { malformedModel } from './kerasGraph.ts';
import type { Network } from './network.ts';
import { isTensorflowJs, networkOfTensorflowJs, shardNames } from './tensorflowJsModel.ts';

/** A model file, and what lies in its folder. */
export interface ModelFiles {
  main: ByteSource;
  /** The file of this name (no folder in it) beside the model; null where there is none. */
  beside: (name: string) => Promise<ByteSource | null> | ByteSource | null;
}

/** Largest file that is read whole. */
const maxBytes = 1 << 29;

/**
 * The network of a model file: our JSON, TensorFlow.js layers `model.json`, `.keras` or `.h5` of Keras. The content
 * decides, not the name. Throws `unsupported-format` for other files and for layers that are not evaluated,
 * `malformed-file` for damage, `resource-exhausted` for files that are too large.
 */
export async function loadNetwork(files: ModelFiles, options: CancelOptions = {}): Promise<Network> {
  const { main } = files;
  const bytes = await wholeFile(main, options);
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])) return networkOfKerasZip(bytes, main.name);
  if (startsWith(bytes, [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]))
    return networkOfKerasHdf5(bytes, main.name);
  const text = new TextDecoder().decode(bytes);
  if (!text.trimStart().startsWith('{')) {
    throw new CubelensError('unsupported-format', `${main.name} is no model that can be opened.`, {
      file: main.name,
      remedy: 'Open a .keras or .h5 file of Keras, model.json of TensorFlow.js, or a model as JSON.',
    });
  }
  const json = parsedJson(text, main.name);
  if (!isTensorflowJs(json)) return networkOfJson(json, main.name);
  const shards = new Map<string, Uint8Array>();
  for (const name of shardNames(json, main.name)) {
    const source = await files.beside(name);
    if (source === null) {
      throw new CubelensError('not-found', `${main.name}: its weights "${name}" are not beside it.`, {
        file: main.name,
        field: 'weightsManifest',
        remedy: 'Keep model.json and its weight files in one folder.',
      });
    }
    shards.set(name, await wholeFile(source, options));
  }
  return networkOfTensorflowJs(json, shards, main.name);
}

async function wholeFile(source: ByteSource, options: CancelOptions): Promise<Uint8Array> {
  if (source.size === 0) throw malformedModel(source.name, 'it is empty');
  if (source.size > maxBytes) {
    throw new CubelensError(
      'resource-exhausted',
      `${source.name} has ${source.size} bytes; models up to ${maxBytes} are read.`,
      {
        file: source.name,
        remedy: 'Use a smaller model.',
      },
    );
  }
  return source.read(0, source.size, options);
}

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, i) => bytes[i] === byte);
