import type { ImageRequest } from '../contract/images.ts';
import { imageText } from '../contract/images.ts';

/** An image whose parameters are complete: what `ImageKinds.complete` gives. */
export type ImageRecipe = ImageRequest;

/** A text that two recipes share only when they give the same image: key of caches. */
export const recipeKey = (recipe: ImageRecipe): string => imageText(recipe);
