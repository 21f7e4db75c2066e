/**
 * A number as file headers write it: decimal, with exponent e or d (Fortran, IDL), or nan and inf in their usual
 * spellings. Null for any other text, hexadecimal and empty text included.
 */
export function parseNumber(text: string): number | null {
  if (text.length > 400) return null;
  const word = text.trim().toLowerCase();
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[ed][+-]?\d+)?$/.test(word)) return Number(word.replace('d', 'e'));
  if (/^[+-]?(?:1\.#)?(?:nan|qnan|ind)(?:\([a-z0-9]*\))?$/.test(word)) return NaN;
  const infinite = /^([+-]?)(?:1\.#)?inf(?:inity)?$/.exec(word);
  return infinite === null ? null : infinite[1] === '-' ? -Infinity : Infinity;
}
