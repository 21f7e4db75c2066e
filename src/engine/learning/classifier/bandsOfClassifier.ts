import { trainedBands, type BandsOfModel, type DescribedBands } from '../data/trainedBands.ts';
import { inputPlaces } from './inputs.ts';
import type { SavedFacts } from './savedFacts.ts';

/** The bands of a cube that are a classifier's columns: see `trainedBands`. */
export const bandsOfClassifier = (
  {
    columns,
    wavelengthsNm,
    auxiliary,
    bands = null,
  }: Pick<SavedFacts, 'columns' | 'wavelengthsNm' | 'auxiliary'> & { bands?: number | null | undefined },
  cube: DescribedBands,
): BandsOfModel =>
  trainedBands(
    {
      names: columns,
      columns: columns.length,
      bands,
      wavelengthsNm,
      spectrum: inputPlaces(columns, auxiliary).spectrum,
    },
    cube,
    'The classifier',
  );
