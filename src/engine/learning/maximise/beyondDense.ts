import { CubelensError } from '../../base/errors.ts';

/** A model that is sound but no dense network: TensorFlow may evaluate it. */
export class BeyondDense extends CubelensError {
  constructor(file: string, message: string, place: { field?: string | undefined; remedy: string }) {
    super('unsupported-format', `${file}: ${message}.`, { file, ...place });
  }
}
