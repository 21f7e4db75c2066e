/** What a drawn matrix says of itself. */
export interface HeatMap {
  title: string;
  tokens: readonly string[];
  /** Row i is how query i spreads over the keys. */
  weights: readonly (readonly number[])[];
}

const cell = 22;
/** Room for tokens at the left and above; more characters are cut. */
const margin = 150;
const longest = 20;

/** Shades from nothing to all, of equal steps to the eye: few weights are large, so the scale goes by the square root. */
function colourOf(weight: number): string {
  const share = Math.sqrt(Math.min(1, Math.max(0, weight)));
  const [from, to] = [
    [247, 251, 255],
    [8, 48, 107],
  ] as const;
  const mixed = from.map((channel, i) => Math.round(channel + ((to[i] ?? 0) - channel) * share));
  return `rgb(${mixed.join(' ')})`;
}

/**
 * A weight matrix as SVG: rows are queries (who attends), columns are keys (who is attended to); the shade goes by the square
 * root of the weight, from 0 to 1. Each cell tells its weight to who points at it.
 */
export function heatMapSvg({ title, tokens, weights }: HeatMap): string {
  const size = tokens.length * cell;
  const [width, height] = [margin + size + 24, margin + size + 86];
  const label = (text: string): string =>
    escaped([...text].length > longest ? `${[...text].slice(0, longest - 1).join('')}…` : text);
  const rows = tokens.map((token, i) => {
    const y = margin + i * cell + cell / 2;
    return `<text x="${margin - 6}" y="${y}" text-anchor="end" dominant-baseline="central">${label(token)}</text>`;
  });
  const columns = tokens.map((token, j) => {
    const x = margin + j * cell + cell / 2;
    return `<text transform="translate(${x} ${margin - 6}) rotate(-90)" dominant-baseline="central">${label(token)}</text>`;
  });
  const cells = weights.flatMap((row, i) =>
    row.map((weight, j) => {
      const place = `x="${margin + j * cell}" y="${margin + i * cell}" width="${cell - 1}" height="${cell - 1}"`;
      const words = `${tokens[i] ?? ''} attends to ${tokens[j] ?? ''}: ${weight.toFixed(4)}`;
      return `<rect ${place} fill="${colourOf(weight)}"><title>${escaped(words)}</title></rect>`;
    }),
  );
  const steps = [0, 0.05, 0.1, 0.25, 0.5, 0.75, 1];
  const top = margin + size + 44;
  const legend = steps.map((step, k) => {
    const x = margin + k * 40;
    return `<rect x="${x}" y="${top}" width="39" height="12" fill="${colourOf(step)}"/><text x="${x + 19.5}" y="${top + 26}" text-anchor="middle">${step}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.max(width, margin + 300)}" height="${height}" font-family="sans-serif" font-size="12" role="img" aria-label="${escaped(title)}">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    `<text x="12" y="20" font-size="14">${escaped(title)}</text>`,
    `<text transform="translate(16 ${margin + size / 2}) rotate(-90)" text-anchor="middle" fill="#555">query (attends)</text>`,
    `<text x="${margin + size / 2}" y="${margin + size + 20}" text-anchor="middle" fill="#555">key (attended to)</text>`,
    ...rows,
    ...columns,
    `<g stroke="#ccd" stroke-width="0.5">`,
    ...cells,
    `</g>`,
    ...legend,
    `</svg>\n`,
  ].join('\n');
}

const escaped = (text: string): string =>
  text
    // XML has no control characters.
    .replaceAll(/\p{Cc}/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
