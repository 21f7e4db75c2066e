import type { CubeInfo, OpenCubeAnswer, OpenOptions } from '../../../src/engine/contract/index.ts';
import { bandListText, parseBands } from '../../store/bandList.ts';

/** What a person may say of how a cube is read, as typed. Empty: as the file says. */
export interface ReadingDraft {
  scale: string;
  offset: string;
  noData: string;
  badBands: string;
  joins: string;
  wavelengths: string;
}

export type ReadingField = keyof ReadingDraft;

/** How the cube is read now. */
export function draftOf({ info, options }: OpenCubeAnswer): ReadingDraft {
  const bad = info.bandIsGood.flatMap((isGood, bandIndex) => (isGood ? [] : [bandIndex]));
  return {
    scale: uniformText(info.scale),
    offset: uniformText(info.offset),
    noData: uniformText(info.noDataValue),
    badBands: bandListText(bad),
    joins: bandListText(options.joinIndexes ?? []),
    wavelengths:
      options.wavelengthsNm === undefined ? '' : options.wavelengthsNm.map((nm) => nm ?? '').join(', '),
  };
}

const uniformText = (value: CubeInfo['noDataValue']): string =>
  value === null || Array.isArray(value) ? '' : String(value);

/**
 * The options that a draft asks for: those of now, changed where the draft is another. Or what is wrong with its fields.
 */
export function optionsOf(
  cube: OpenCubeAnswer,
  draft: ReadingDraft,
): { options: OpenOptions } | { problems: Partial<Record<ReadingField, string>> } {
  const { info } = cube;
  const now = draftOf(cube);
  const options: OpenOptions = { ...cube.options };
  const problems: Partial<Record<ReadingField, string>> = {};
  const isChanged = (field: ReadingField): boolean => draft[field].trim() !== now[field].trim();

  for (const field of ['scale', 'offset'] as const) {
    if (!isChanged(field)) continue;
    const number = numberOf(draft[field]);
    if (number === undefined) problems[field] = 'This is no number.';
    else if (field === 'scale' && number === 0) problems.scale = 'A scale of 0 makes every value 0.';
    else options[field] = number;
  }
  if (isChanged('noData')) {
    const number = /^nan$/i.test(draft.noData.trim()) ? 'NaN' : numberOf(draft.noData);
    if (number === undefined) problems.noData = 'This is no number; NaN is one too.';
    else options.noData = number;
  }
  if (isChanged('badBands')) {
    const bad = listOf(draft.badBands, info.bands);
    if (typeof bad === 'string') problems.badBands = bad;
    else if (bad.length >= info.bands) problems.badBands = 'At least one band must be good.';
    else options.bandIsGood = info.bandIsGood.map((_, bandIndex) => !bad.includes(bandIndex));
  }
  if (isChanged('joins')) {
    const joins = listOf(draft.joins, info.bands);
    if (typeof joins === 'string') problems.joins = joins;
    else if (joins.includes(info.bands - 1)) problems.joins = `Band ${info.bands} is the last one.`;
    else options.joinIndexes = joins;
  }
  if (isChanged('wavelengths')) {
    const wavelengths = wavelengthsOf(draft.wavelengths, info.bands);
    if (typeof wavelengths === 'string') problems.wavelengths = wavelengths;
    else if (wavelengths === null) delete options.wavelengthsNm;
    else options.wavelengthsNm = wavelengths;
  }
  return Object.keys(problems).length > 0 ? { problems } : { options };
}

/** Null for an empty text, undefined for one that is no number. */
function numberOf(text: string): number | null | undefined {
  const plain = text.trim().replace('\u2212', '-');
  if (plain === '') return null;
  const number = Number(plain);
  return Number.isFinite(number) ? number : undefined;
}

function listOf(text: string, bands: number): number[] | string {
  if (text.trim() === '') return [];
  const list = parseBands(text, bands);
  return list ?? Array.from({ length: bands }, (_, bandIndex) => bandIndex);
}

/** One number a band, between commas, blanks or lines. */
function wavelengthsOf(text: string, bands: number): number[] | null | string {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  if (words.length === 0) return null;
  const numbers = words.map(Number);
  const wrong = words.find((_, at) => !((numbers[at] ?? NaN) > 0 && Number.isFinite(numbers[at])));
  if (wrong !== undefined) return `“${wrong.slice(0, 20)}” is no wavelength in nanometres.`;
  return numbers.length === bands ? numbers : `There are ${numbers.length} wavelengths for ${bands} bands.`;
}
