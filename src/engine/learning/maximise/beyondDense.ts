import { CubelensError } from '../../base/errors.ts';

/** A model that is sound but no dense network: TensorFlow may evaluate it, and else says what to do. */
export class BeyondDense extends CubelensError {
  constructor(file: string, message: string) {
    super('unsupported-format', `${file}: ${message}.`, { file });
  }
}
