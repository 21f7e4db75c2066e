/** What the desktop app needs at run time, by its place in the packed archive. What a part adds to it stands here too. */
export const bundleFiles: readonly RegExp[] = [
  /^\/package\.json$/,
  /^\/\.vite\/build\/main\.cjs$/,
  /^\/\.vite\/build\/preload\.cjs$/,
  /^\/\.vite\/build\/worker\.cjs$/,
  // The table of projections, read when a cube has map info.
  /^\/\.vite\/build\/projectionData-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/geotiff-[\w-]+\.cjs$/,
  /^\/\.vite\/renderer\/main_window\/index\.html$/,
  // Licences of what is inside.
  /^\/\.vite\/build\/licences\.txt$/,
  /^\/\.vite\/renderer\/main_window\/licences\.txt$/,
];
