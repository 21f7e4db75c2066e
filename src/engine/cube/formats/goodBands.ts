import { parseNumber } from '../../base/parseNumber.ts';

/** What one entry of a list of good bands says. */
export interface GoodBandEntry {
  good: boolean;
  /** False where the entry is neither 1 nor 0 nor one of the words for them: only bad ones are left out, so it is good. */
  isClear: boolean;
}

const words: Partial<Record<string, boolean>> = {
  true: true,
  yes: true,
  good: true,
  false: false,
  no: false,
  bad: false,
};

/** Longest list that is of use. */
const maxEntries = 1_000_000;

/** One entry: 1 or 1.0, 0 or 0.0, or true, false, yes, no, good, bad in any case, with or without quotes. */
export function goodBand(text: string): GoodBandEntry {
  const plain = text.replace(/^[\s"']{1,8}|[\s"']{1,8}$/g, '');
  const word = Object.hasOwn(words, plain.toLowerCase()) ? words[plain.toLowerCase()] : undefined;
  if (word !== undefined) return { good: word, isClear: true };
  const value = parseNumber(plain);
  return { good: value !== 0, isClear: value === 0 || value === 1 };
}

/** A list of good bands (`bbl`) between commas, semicolons or blanks, with or without brackets around it. */
export function goodBandList(text: string): GoodBandEntry[] {
  const entries = text
    .replace(/[{}[\]()]/g, ' ')
    .trim()
    .split(/\s*[,;]\s*|\s+/, maxEntries);
  if (entries.length > 1 && entries.at(-1) === '') entries.pop();
  return entries.map(goodBand);
}
