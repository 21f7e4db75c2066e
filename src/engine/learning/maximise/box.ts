import type { Objective, Slope } from './objective.ts';

/** The range of the free input: one closed interval a component. The search runs in units of their widths, from 0 to 1. */
export class Box {
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly width: Float64Array;

  constructor(range: readonly (readonly [number, number])[]) {
    this.low = Float64Array.from(range, ([low]) => low);
    this.high = Float64Array.from(range, ([, high]) => high);
    this.width = this.high.map((high, i) => high - (this.low[i] as number));
  }

  get size(): number {
    return this.low.length;
  }

  /** The point at unit coordinates; 0 and 1 give the ends of the range exactly. */
  point(unit: Float64Array): Float64Array {
    return unit.map((u, i) => {
      const high = this.high[i] as number;
      return u >= 1 ? high : Math.min(high, (this.low[i] as number) + u * (this.width[i] as number));
    });
  }

  /** Unit coordinates of a point. */
  unit(point: Float64Array): Float64Array {
    return point.map((y, i) =>
      y === this.high[i] ? 1 : clamp((y - (this.low[i] as number)) / (this.width[i] as number)),
    );
  }

  /** Value and gradient in unit coordinates. */
  slope(objective: Objective, unit: Float64Array): Slope {
    const { value, gradient } = objective.slope(this.point(unit));
    return { value, gradient: this.scaled(gradient) };
  }

  /** Gradients in unit coordinates at many points. */
  gradients(objective: Objective, units: readonly Float64Array[]): Float64Array[] {
    return objective.gradients(units.map((unit) => this.point(unit))).map((each) => this.scaled(each));
  }

  /** A gradient by the input as one by unit coordinates. */
  scaled(gradient: Float64Array): Float64Array {
    return gradient.map((g, i) => g * (this.width[i] as number));
  }
}

export const clamp = (u: number): number => (u < 0 ? 0 : u > 1 ? 1 : u);

/** The gradient without the components that push out of the unit box. */
export function projected(gradient: Float64Array, unit: Float64Array): Float64Array {
  return gradient.map((g, i) => ((unit[i] === 0 && g < 0) || (unit[i] === 1 && g > 0) ? 0 : g));
}

/** unit + step * direction, held inside the unit box. */
export function stepped(unit: Float64Array, direction: Float64Array, step: number): Float64Array {
  return unit.map((u, i) => clamp(u + step * (direction[i] as number)));
}
