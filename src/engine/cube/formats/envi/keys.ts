/** Keys of ENVI headers that this reader or the writer gives a meaning, as ENVI spells them. */
export const knownKeys = [
  'acquisition time',
  'band names',
  'bands',
  'bbl',
  'byte order',
  'class lookup',
  'class names',
  'classes',
  'coordinate system string',
  'data gain values',
  'data ignore value',
  'data offset values',
  'data reflectance gain values',
  'data reflectance offset values',
  'data type',
  'data units',
  'default bands',
  'description',
  'file compression',
  'file type',
  'fwhm',
  'header offset',
  'interleave',
  'lines',
  'major frame offsets',
  'map info',
  'minor frame offsets',
  'pixel size',
  'projection info',
  'reflectance scale factor',
  'samples',
  'sensor type',
  'wavelength',
  'wavelength units',
  'x start',
  'y start',
] as const;

export type KnownKey = (typeof knownKeys)[number];

// Seen in files of other programs. Those that differ only in blanks ("headeroffset") need no entry.
const misspelt: Record<string, KnownKey> = {
  wavelengths: 'wavelength',
  wavelenght: 'wavelength',
  wavelenghts: 'wavelength',
  'wavelength unit': 'wavelength units',
  'wavelength unts': 'wavelength units',
  'wavelengths unit': 'wavelength units',
  'wavelengths units': 'wavelength units',
  'band name': 'band names',
  'class name': 'class names',
  'data ignore values': 'data ignore value',
  'default band': 'default bands',
  'data gain value': 'data gain values',
  'data offset value': 'data offset values',
};

const exact = new Set<string>(knownKeys);
const bySquashed = new Map<string, string>([
  ...Object.entries(misspelt).map(([wrong, right]): [string, string] => [squash(wrong), right]),
  ...knownKeys.map((key): [string, string] => [squash(key), key]),
]);

function squash(key: string): string {
  return key.replaceAll(' ', '');
}

/**
 * The key that a spelling in a file stands for: lower case, blanks and underscores as one blank, known misspellings
 * put right. `isExact` is false where more than case and blanks against underscores had to be changed.
 */
export function canonicalKey(spelling: string): { key: string; isExact: boolean } {
  const folded = spelling
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
  if (exact.has(folded)) return { key: folded, isExact: true };
  const known = bySquashed.get(squash(folded));
  return known === undefined ? { key: folded, isExact: true } : { key: known, isExact: false };
}

/** True where a spelling in a file stands for a key that has a meaning here. */
export const isKnownKey = (spelling: string): boolean => exact.has(canonicalKey(spelling).key);
