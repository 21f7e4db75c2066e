/** What the desktop app needs at run time, by its place in the packed archive. What a part adds to it stands here too. */
export const bundleFiles: readonly RegExp[] = [
  /^\/package\.json$/,
  /^\/\.vite\/build\/main\.cjs$/,
  /^\/\.vite\/build\/preload\.cjs$/,
  /^\/\.vite\/build\/worker\.cjs$/,
  // The table of projections, read when a cube has map info.
  /^\/\.vite\/build\/projectionData-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/geotiff-[\w-]+\.cjs$/,
  // Rooms that a worker loads when they are first asked for, and the reader of Keras files with its WebAssembly inside.
  /^\/\.vite\/build\/computeAttention-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/answer-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/svg-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/hdf5_hl-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/calibrate-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/knownMatrix-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/pointsSource-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/cameraFiles-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/cameraReader-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/pushbroom-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/wavelengthSvg-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/calibrationReport-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/seenBoard-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/undistortImage-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/readPhoto-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/grey-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/picture-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/jpeg-js-[\w-]+\.cjs$/,
  // The sentence encoder of the attention room.
  /^\/\.vite\/build\/models\/sentence-encoder\/model\.json$/,
  /^\/\.vite\/build\/models\/sentence-encoder\/vocab\.json$/,
  /^\/\.vite\/build\/models\/sentence-encoder\/group1-shard1of7$/,
  /^\/\.vite\/build\/models\/sentence-encoder\/group1-shard7of7$/,
  /^\/\.vite\/build\/models\/sentence-encoder\/LICENSE$/,
  // TensorFlow.js and its WebAssembly backend, with the program that fits the processor.
  /^\/\.vite\/build\/loadTensorFlow-[\w-]+\.cjs$/,
  /^\/\.vite\/build\/wasm\/tfjs-backend-wasm\.wasm$/,
  /^\/\.vite\/build\/wasm\/tfjs-backend-wasm-simd\.wasm$/,
  /^\/\.vite\/build\/wasm\/tfjs-backend-wasm-threaded-simd\.wasm$/,
  /^\/\.vite\/renderer\/main_window\/index\.html$/,
  // Licences of what is inside.
  /^\/\.vite\/build\/licences\.txt$/,
  /^\/\.vite\/renderer\/main_window\/licences\.txt$/,
];
