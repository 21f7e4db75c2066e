/** Band indexes from 0 of "1,5,10-20", in the order given; a text that says what is wrong. Null: all. */
export function parseBands(text: string, bands: number): number[] | null | string {
  if (text.trim() === '' || text.replace(/\s/g, '') === `1-${bands}`) return null;
  const indexes: number[] = [];
  for (const piece of text.replaceAll('–', '-').split(',')) {
    const [, first, last] = /^\s*(\d+)\s*(?:-\s*(\d+)\s*)?$/.exec(piece) ?? [];
    if (first === undefined) return 'Bands are written as 1,5,10-20.';
    const [from, to] = [Number(first), Number(last ?? first)];
    if (from < 1 || to > bands || from > bands) return `Bands go from 1 to ${bands}.`;
    if (to < from) return `Write ${to}-${from}: the lower band comes first.`;
    for (let band = from; band <= to; band++) indexes.push(band - 1);
  }
  return new Set(indexes).size === indexes.length ? indexes : 'A band is named twice.';
}

/** Band indexes from 0 as people write them: "1, 5, 10-20". */
export function bandListText(indexes: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && index + 1 === last[1] + 1) last[1] = index + 1;
    else ranges.push([index + 1, index + 1]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}

/** Why a number is no band's, counted from 1; null where it is one. */
export const bandProblem = (number: number, bands: number): string | null =>
  Number.isInteger(number) && number >= 1 && number <= bands ? null : `Bands go from 1 to ${bands}.`;
