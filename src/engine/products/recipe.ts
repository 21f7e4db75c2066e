import type { FilterSettings } from '../contract/filter.ts';

/** What an image shows. Band indexes count from 0. */
export type ImageRecipe =
  /** Values of one band (after scale and offset, NaN where nodata). */
  | { kind: 'band'; bandIndex: number }
  /** Stored numbers of one band, in the file's own type. */
  | { kind: 'stored'; bandIndex: number }
  /** One band of the smoothed or differentiated cube. */
  | { kind: 'filtered'; bandIndex: number; filter: FilterSettings }
  /** Three bands as red, green and blue, filtered or not. */
  | { kind: 'composite'; bandIndexes: [number, number, number]; filter: FilterSettings | null };

/** The bands an image shows, one plane each. */
export function shownBands(recipe: ImageRecipe): number[] {
  return recipe.kind === 'composite' ? [...recipe.bandIndexes] : [recipe.bandIndex];
}

/** The filter of an image, or null. */
export function filterOf(recipe: ImageRecipe): FilterSettings | null {
  return recipe.kind === 'filtered' || recipe.kind === 'composite' ? recipe.filter : null;
}

/** A text that two recipes share only when they give the same image: key of caches and part of a tile's URL. */
export function recipeKey(recipe: ImageRecipe): string {
  const filter = filterOf(recipe);
  const bands = shownBands(recipe).join('+');
  return filter === null ? `${recipe.kind}:${bands}` : `${recipe.kind}:${bands}:${filterKey(filter)}`;
}

/** As `recipeKey`, of a filter alone. */
export function filterKey(filter: FilterSettings): string {
  const { window, degree, derivative, axis, edge, gap } = filter;
  return `w${window}d${degree}n${derivative}-${axis}-${edge}-${gap}`;
}
