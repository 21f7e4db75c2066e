import { trainedBands, type BandsOfModel, type DescribedBands } from '../data/trainedBands.ts';
import type { VaeModel } from './model.ts';

/** Of a model what says which bands it takes. */
export type ModelColumns = Pick<VaeModel, 'columns' | 'names' | 'bands' | 'wavelengthsNm'>;

/** The bands of a cube that are an autoencoder's columns: see `trainedBands`. */
export const bandsOfVae = (
  { columns, names, bands, wavelengthsNm }: ModelColumns,
  cube: DescribedBands,
): BandsOfModel => trainedBands({ columns, names, bands, wavelengthsNm, spectrum: null }, cube, 'The model');
