import type { ClassifierAuxiliary } from '../../contract/classifier.ts';
import type { ClassRecord } from '../../contract/cube.ts';
import type { TensorFlow } from '../../tensorflow/loadTensorFlow.ts';

/** A matrix on TensorFlow's side. */
export type Tensor2D = ReturnType<TensorFlow['tensor2d']>;
/** Weights on TensorFlow's side that training changes. */
export type Variable = ReturnType<TensorFlow['variable']>;

/** Weights of a dense layer. */
export interface DenseLayer {
  /** Inputs x units, row by row. */
  kernel: Float32Array;
  bias: Float32Array;
}

/** Codes, names and colours of a class map. */
export interface ClassMapFacts {
  /** Of each class, from 1 to 255. */
  codes: number[];
  /** Of each code, from 0. */
  records: ClassRecord[];
}

/** A trained classifier as plain data, which crosses threads. */
export interface ClassifierModel {
  /** Names; a class index is a place in this list, from 0. */
  classes: string[];
  /**
   * The class map that was learnt from: the code of each class, and the records of all codes up to the largest. Null where the classes
   * come from no map, or a code is above 255.
   */
  map: ClassMapFacts | null;
  /** Bands of the training cube, the bad ones too; null where that is not known. */
  bands: number | null;
  /** The table's columns, in its order: what `classify` takes a row of. */
  columns: string[];
  /** Of the columns of the spectrum, in nanometres; null where some have none. */
  wavelengthsNm: number[] | null;
  auxiliary: ClassifierAuxiliary | null;
  /** Mean and standard deviation of each input (the spectrum's columns, then the auxiliary ones); 1 for constant ones. */
  mean: Float64Array;
  deviation: Float64Array;
  /** Hidden layers with ReLU, and the last one with softmax. They take standardised inputs. */
  layers: DenseLayer[];
  /** Smallest and largest value of each input in the whole table. */
  range: { spectrum: [number, number][]; auxiliary: [number, number][] };
  /** Mean of each class over the spectrum's columns. */
  meanSpectra: number[][];
  /** On held-out rows. */
  accuracy: number;
}
