import { scaleBar } from './scaleBar.ts';
import { pointOf, type Pixel, type Projection, type Stage } from './viewGeometry.ts';

/** A pinned pixel, shown as a disc with its number. */
export interface Mark extends Pixel {
  number: number;
  /** Of the three colours of pins. */
  colour: number;
}

/** What is drawn above the picture. */
export interface OverlayState {
  pixel: Pixel | null;
  marks: readonly Mark[];
  scale: { metresPerSample: number | null; unitLabel?: string };
}

const svgNamespace = 'http://www.w3.org/2000/svg';
/** CSS pixels: the crosshair's gap and arms, the pins, the widest scale bar, and the room inside chips. */
const gap = 5;
const arm = 13;
export const pinRadius = 8;
const widestBar = 140;
const inset = 12;
const padding = 6;
const lineHeight = 16;

/** Crosshair, pins and scale bar as SVG above the canvas. Its colours are in bandView.css. */
export class Overlay {
  readonly element: SVGSVGElement;
  readonly #measure: (text: string) => number;

  constructor() {
    this.element = document.createElementNS(svgNamespace, 'svg');
    this.element.setAttribute('class', 'band-view-overlay');
    this.element.setAttribute('aria-hidden', 'true');
    const context = document.createElement('canvas').getContext('2d');
    this.#measure = (text) => {
      if (context === null) return text.length * 7;
      context.font = fontOf(this.element);
      return context.measureText(text).width;
    };
  }

  /** Draws everything anew; there is little of it. */
  draw({ pixel, marks, scale }: OverlayState, to: Projection, stage: Stage): void {
    const middle = ({ line, sample }: Pixel) =>
      pointOf({ line: line + 0.5, sample: sample + 0.5 }, to, stage.ratio);
    const shapes: SVGElement[] = [];
    if (pixel !== null) {
      const { x, y } = middle(pixel);
      const half = { x: to.perSample / stage.ratio / 2, y: to.perLine / stage.ratio / 2 };
      if (isNear(x, y, stage)) shapes.push(...crosshair(x, y, half));
    }
    for (const mark of marks) {
      const { x, y } = middle(mark);
      if (isNear(x, y, stage)) shapes.push(...pin(mark, x, y));
    }
    shapes.push(...this.#bar(scale, to.perSample / stage.ratio, stage));
    this.element.replaceChildren(...shapes);
  }

  #bar({ metresPerSample, unitLabel }: OverlayState['scale'], perSample: number, stage: Stage): SVGElement[] {
    const bar = scaleBar(metresPerSample, perSample, Math.min(widestBar, stage.width / 3), unitLabel);
    if (bar === null) return [];
    const width = Math.max(bar.width, this.#measure(bar.label)) + 2 * padding;
    const height = lineHeight + 18;
    const top = stage.height - inset - height;
    const x = inset + (width - bar.width) / 2;
    const y = Math.round(top + lineHeight + 9) + 0.5;
    const end = (at: number): SVGElement =>
      shape('line', 'band-view-bar', { x1: at, y1: y - 4, x2: at, y2: y + 4 });
    return [
      ...chip(inset, top, width, height),
      text(inset + (width - this.#measure(bar.label)) / 2, top + lineHeight / 2 + 3, bar.label),
      shape('line', 'band-view-bar', { x1: x, y1: y, x2: x + bar.width, y2: y }),
      end(x),
      end(x + bar.width),
    ];
  }
}

function pin({ number, colour }: Mark, x: number, y: number): SVGElement[] {
  const label = shape('text', `band-view-pin-number band-view-on-pin-${colour}`, { x, y });
  label.textContent = String(number);
  return [shape('circle', `band-view-pin band-view-pin-${colour}`, { cx: x, cy: y, r: pinRadius }), label];
}

/** White on black: seen on any picture. Where pixels are large, also a frame around the pixel. */
function crosshair(x: number, y: number, half: { x: number; y: number }): SVGElement[] {
  const isFramed = Math.min(half.x, half.y) >= 4;
  const from = { x: isFramed ? half.x + 2 : gap, y: isFramed ? half.y + 2 : gap };
  const arms = [
    { x1: x - from.x - arm, y1: y, x2: x - from.x, y2: y },
    { x1: x + from.x, y1: y, x2: x + from.x + arm, y2: y },
    { x1: x, y1: y - from.y - arm, x2: x, y2: y - from.y },
    { x1: x, y1: y + from.y, x2: x, y2: y + from.y + arm },
  ];
  const frame = { x: x - half.x, y: y - half.y, width: 2 * half.x, height: 2 * half.y };
  const draw = (name: string): SVGElement[] => [
    ...arms.map((place) => shape('line', name, place)),
    ...(isFramed ? [shape('rect', name, frame)] : []),
  ];
  return [...draw('band-view-casing'), ...draw('band-view-core')];
}

const chip = (x: number, y: number, width: number, height: number): SVGElement[] => [
  shape('rect', 'band-view-chip', { x, y, width, height, rx: 3 }),
];

function text(x: number, y: number, content: string): SVGElement {
  const element = shape('text', 'band-view-label', { x, y });
  element.textContent = content;
  return element;
}

function shape(name: string, className: string, places: Record<string, number>): SVGElement {
  const element = document.createElementNS(svgNamespace, name);
  element.setAttribute('class', className);
  for (const [key, value] of Object.entries(places)) element.setAttribute(key, String(value));
  return element;
}

/** Far outside the screen nothing is drawn: places there may be too large for a browser's arithmetic. */
const isNear = (x: number, y: number, { width, height }: Stage): boolean =>
  x > -100 && y > -100 && x < width + 100 && y < height + 100;

const fontOf = (element: Element): string => {
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
  return `${fontWeight} ${fontSize} ${fontFamily}`;
};
