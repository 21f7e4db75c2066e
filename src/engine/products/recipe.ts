import type { FilterSettings } from '../contract/filter.ts';
import type { ImageRequest } from '../contract/images.ts';
import { imageText } from '../contract/images.ts';

/** An image whose parameters are complete: what `ImageKinds.complete` gives. */
export type ImageRecipe = ImageRequest;

/** A text that two recipes share only when they give the same image: key of caches. */
export const recipeKey = (recipe: ImageRecipe): string => imageText(recipe);

/** A short text that two filters share only when they are the same. */
export function filterKey(filter: FilterSettings): string {
  const { window, degree, derivative, axis, edge, gap } = filter;
  return `w${window}d${degree}n${derivative}-${axis}-${edge}-${gap}`;
}
