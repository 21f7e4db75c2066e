import './curveKey.css';
import { pinStyle } from './plotColours.ts';

const SVG = 'http://www.w3.org/2000/svg';

/** What a curve looks like, 20 × 12: dots, or a line with its dash. */
export function curveKey(kind: 'raw' | 'smoothed' | 'derivative' | number): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'curve-key');
  svg.setAttribute('viewBox', '0 0 20 12');
  svg.setAttribute('aria-hidden', 'true');
  if (kind === 'raw') {
    for (const x of [4, 10, 16]) svg.append(shape('circle', { cx: x, cy: 6, r: 2, class: 'curve-key-raw' }));
    return svg;
  }
  const pin = typeof kind === 'number' ? pinStyle(kind) : null;
  svg.append(
    shape('path', {
      d: 'M1 6H19',
      class: pin === null ? `curve-key-${String(kind)}` : `curve-key-pin-${pin.colour}`,
      ...(pin !== null && pin.dash.length > 0 ? { 'stroke-dasharray': pin.dash.join(' ') } : {}),
    }),
  );
  return svg;
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
