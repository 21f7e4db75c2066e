import { createHash } from 'node:crypto';
import { CubelensError } from '../../base/errors.ts';
import type { VaeState } from './state.ts';

/** How a checkpoint begins. */
const magic = 'CLVAECP1';

/** Arrays of numbers in a state, by the name of their type. */
const types = { f32: Float32Array, f64: Float64Array } as const;
type Kind = keyof typeof types;

/** Where an array stood in the state. */
interface Placed {
  array: Kind;
  from: number;
  length: number;
}

/**
 * A checkpoint as the bytes of one file: eight letters, the length of a JSON text, that text with a place for each array,
 * the arrays (little-endian), and the SHA-256 of all before it.
 */
export function stateToBytes(state: VaeState): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  const text = JSON.stringify(state, (_key, value: unknown): unknown => {
    const kind = value instanceof Float32Array ? 'f32' : value instanceof Float64Array ? 'f64' : null;
    if (kind === null) return value;
    const array = value as Float32Array | Float64Array;
    const placed: Placed = { array: kind, from: at, length: array.length };
    parts.push(new Uint8Array(array.slice().buffer));
    at += array.byteLength;
    return placed;
  });
  const json = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const body = Buffer.concat([Buffer.from(magic, 'latin1'), length, json, ...parts]);
  return Buffer.concat([body, sha256(body)]);
}

/**
 * The state of such a file; whether it fits a training, `checkState` tells. Throws `malformed-file` for damage,
 * `unsupported-format` for what is no checkpoint.
 */
export function stateFromBytes(bytes: Uint8Array, file: string): VaeState {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wrong = (what: string): CubelensError =>
    new CubelensError('malformed-file', `${file} ${what}.`, {
      file,
      remedy: 'Train anew into another folder, or remove it.',
    });
  if (buffer.length < magic.length + 36 || buffer.subarray(0, magic.length).toString('latin1') !== magic) {
    throw new CubelensError('unsupported-format', `${file} is no checkpoint of an autoencoder.`, {
      file,
      remedy: 'Choose the checkpoint that training wrote.',
    });
  }
  const body = buffer.subarray(0, -32);
  if (!sha256(body).equals(buffer.subarray(-32))) throw wrong('is damaged or cut off');
  const start = magic.length + 4;
  const end = start + body.readUInt32LE(magic.length);
  if (end > body.length) throw wrong('is cut off');
  const data = body.subarray(end);
  // What the check sum holds was written here, so the shape is ours; a reader of another version says so by its letters.
  const state = JSON.parse(body.subarray(start, end).toString('utf8'), (_key, value: unknown): unknown => {
    if (!isPlaced(value)) return value;
    const Type = types[value.array];
    const piece = data.subarray(value.from, value.from + value.length * Type.BYTES_PER_ELEMENT);
    if (piece.length !== value.length * Type.BYTES_PER_ELEMENT) throw wrong('is cut off');
    return new Type(Uint8Array.from(piece).buffer);
  }) as Omit<VaeState, 'legs' | 'backends'> & Partial<Pick<VaeState, 'legs' | 'backends'>>;
  // Older files have neither.
  return { ...state, legs: state.legs ?? [], backends: state.backends ?? [] };
}

function isPlaced(value: unknown): value is Placed {
  return (
    typeof value === 'object' &&
    value !== null &&
    'array' in value &&
    (value.array === 'f32' || value.array === 'f64') &&
    'from' in value &&
    'length' in value &&
    Number.isInteger(value.from) &&
    Number.isInteger(value.length)
  );
}

const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
