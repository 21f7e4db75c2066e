import type { FilterSettings } from '../contract/filter.ts';
import { CubelensError } from '../base/errors.ts';

/** Throws `invalid-request` with the field and the allowed range where a setting is off. */
export function checkFilter(filter: FilterSettings): void {
  const { window, degree, derivative } = filter;
  if (!Number.isInteger(window) || window < 3 || window > 101 || window % 2 === 0) {
    throw refused('window', `The window must be an odd whole number from 3 to 101, not ${window}.`);
  }
  if (!Number.isInteger(degree) || degree < 0 || degree > 6) {
    throw refused('degree', `The degree must be a whole number from 0 to 6, not ${degree}.`);
  }
  if (degree >= window) {
    throw refused('degree', `The degree must be below the window: ${degree} is not below ${window}.`);
  }
  if (!Number.isInteger(derivative) || derivative < 0 || derivative > 3) {
    throw refused('derivative', `The derivative must be 0, 1, 2 or 3, not ${derivative}.`);
  }
  if (derivative > degree) {
    throw refused(
      'derivative',
      `The derivative must not be above the degree: derivative ${derivative} of a polynomial of degree ${degree} is zero everywhere.`,
    );
  }
}

function refused(field: string, message: string): CubelensError {
  return new CubelensError('invalid-request', message, { field });
}
