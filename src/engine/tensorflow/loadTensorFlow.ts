import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Tfjs from '@tensorflow/tfjs';
import { CubelensError } from '../base/errors.ts';
import { tensorFlowBackends, type TensorFlowBackend } from '../contract/tensorflow.ts';
import { giveCommonJsGlobals, putBackUtilFunctions } from './nodeGlobals.ts';

/** What all backends offer alike: @tensorflow/tfjs, with layers and graph models. */
export type TensorFlow = typeof Tfjs;
export type Tensor = Tfjs.Tensor;
export type LayersModel = Tfjs.LayersModel;

/** TensorFlow as it was loaded. */
export interface LoadedTensorFlow {
  tf: TensorFlow;
  backend: TensorFlowBackend;
  /** Of TensorFlow's native library where it runs, else of TensorFlow.js. */
  version: string;
  /** Why this backend, in words: what keeps the faster ones from running. */
  reason: string;
}

/** Environment variable with the folder of a package @tensorflow/tfjs-node that is set up, for a program without one. */
export const nativeFolderVariable = 'CUBELENS_TENSORFLOW';
/** Environment variable that chooses a backend: native, wasm or cpu. */
export const backendVariable = 'CUBELENS_TENSORFLOW_BACKEND';

/** What people call the backend that runs: TensorFlow.js names the native one otherwise. */
export const backendOf = (tf: TensorFlow): string =>
  tf.getBackend() === 'tensorflow' ? 'native' : tf.getBackend();

let loaded: Promise<LoadedTensorFlow> | null = null;

/**
 * TensorFlow with the fastest backend that runs here, loaded once a thread; or with the one that the environment asks for.
 * Throws `unsupported-format` where that one cannot be had.
 */
export function loadTensorFlow(): Promise<LoadedTensorFlow> {
  loaded ??= tryBackends(askedFor());
  return loaded;
}

/** The backend that the environment asks for, or null. */
function askedFor(): TensorFlowBackend | null {
  const asked = process.env[backendVariable];
  if (asked === undefined || asked === '') return null;
  const found = tensorFlowBackends.find((backend) => backend === asked);
  if (found !== undefined) return found;
  throw new CubelensError('invalid-request', `${backendVariable} is ${asked}.`, {
    field: backendVariable,
    remedy: `Set it to ${tensorFlowBackends.join(', ')}, or leave it out.`,
  });
}

async function tryBackends(only: TensorFlowBackend | null): Promise<LoadedTensorFlow> {
  const reasons: string[] = [];
  for (const backend of only === null ? tensorFlowBackends : [only]) {
    try {
      const { tf, version } = await loadBackend(backend);
      if (only !== null) reasons.push(`${backendVariable} asks for it`);
      else if (backend === 'native') reasons.push("TensorFlow's own library is set up here");
      return { tf, backend, version, reason: reasons.join('; ') };
    } catch (thrown) {
      reasons.push(`no ${backend}: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }
  throw new CubelensError('unsupported-format', `TensorFlow cannot be loaded (${reasons.join('; ')}).`, {
    remedy: 'See "TensorFlow" in the guide.',
  });
}

/** One backend by itself, for a self-check. Throws in words why it does not run here. */
export async function loadBackend(backend: TensorFlowBackend): Promise<{ tf: TensorFlow; version: string }> {
  if (backend === 'native') return loadNative();
  const tf = await plainTensorFlow();
  if (backend === 'wasm') await registerWasm();
  // Else it recommends its other packages on every start.
  tf.enableProdMode();
  if (!(await tf.setBackend(backend))) throw new Error(`its ${backend} backend does not start`);
  await tf.ready();
  return { tf, version: tf.version_core };
}

/** CommonJS packages come with their names also under `default`. */
const unwrapped = <Module>(module: Module): Module => (module as { default?: Module }).default ?? module;

const plainTensorFlow = async (): Promise<TensorFlow> => unwrapped(await import('@tensorflow/tfjs'));

/** Folder of the WebAssembly files: beside a bundle, else in the package. */
async function wasmFolder(): Promise<string> {
  const beside = join(dirname(fileURLToPath(import.meta.url)), 'wasm');
  if (await exists(beside)) return `${beside}/`;
  const require = createRequire(import.meta.url);
  return `${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`;
}

async function registerWasm(): Promise<void> {
  const folder = await wasmFolder();
  giveCommonJsGlobals(import.meta.url, folder);
  const { setWasmPaths } = unwrapped(await import('@tensorflow/tfjs-backend-wasm'));
  setWasmPaths(folder);
}

/** A loaded native package, as far as it is used beside TensorFlow.js itself. */
type NativePackage = TensorFlow & { node?: unknown };

async function loadNative(): Promise<{ tf: TensorFlow; version: string }> {
  const folder = nativeFolder();
  const binding = join(folder, 'lib/napi-v8/tfjs_binding.node');
  if (!(await exists(binding))) {
    const given = process.env[nativeFolderVariable] ?? '';
    throw new Error(
      given === ''
        ? 'its library is not set up (npm run setup:tensorflow)'
        : `${nativeFolderVariable} names a folder without a library that is set up (npm run setup:tensorflow)`,
    );
  }
  putBackUtilFunctions();
  // TensorFlow's own banner on every start says nothing that a person needs.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  keepLoaded(binding);
  const require = createRequire(join(folder, 'package.json'));
  const tf = require(folder) as NativePackage;
  await tf.ready();
  if (tf.getBackend() !== 'tensorflow') throw new Error(`it starts ${tf.getBackend()} instead`);
  return { tf, version: (await libraryVersion(folder)) ?? tf.version_core };
}

/** Of dlopen on Linux: the library stays when its last user closes it. */
const stay = 0x1000;

/**
 * Loads the binding so that it stays in the process. Node closes an addon when the thread that loaded it ends, but the
 * library leaves functions to be called at the program's exit, which would then be gone.
 */
function keepLoaded(binding: string): void {
  if (process.platform === 'linux')
    process.dlopen({ exports: {} }, binding, constants.dlopen.RTLD_LAZY | stay);
}

function nativeFolder(): string {
  const given = process.env[nativeFolderVariable];
  if (given !== undefined && given !== '') return given;
  try {
    return dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    throw new Error('the package @tensorflow/tfjs-node is not installed');
  }
}

/** The version that the set-up script wrote down; null where another way set it up. */
async function libraryVersion(folder: string): Promise<string | null> {
  try {
    return (await readFile(join(folder, 'deps/version.txt'), 'utf8')).trim();
  } catch {
    return null;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
