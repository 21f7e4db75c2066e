/** The tags this reader uses, by their names in the TIFF, GeoTIFF and GDAL documents. */
export const tags = {
  newSubfileType: 254,
  subfileType: 255,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometricInterpretation: 262,
  fillOrder: 266,
  imageDescription: 270,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  pageName: 285,
  software: 305,
  dateTime: 306,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  extraSamples: 338,
  sampleFormat: 339,
  yCbCrSubSampling: 530,
  modelPixelScale: 33550,
  modelTiepoint: 33922,
  modelTransformation: 34264,
  geoKeyDirectory: 34735,
  geoDoubleParams: 34736,
  geoAsciiParams: 34737,
  gdalMetadata: 42112,
  gdalNoData: 42113,
} as const;

/** Names of these tags for messages. */
export const tagNames: Partial<Record<number, string>> = Object.fromEntries(
  Object.entries(tags).map(([name, tag]) => [
    tag,
    name.startsWith('gdal')
      ? name.replace('gdal', 'GDAL_').toUpperCase()
      : name[0]?.toUpperCase() + name.slice(1),
  ]),
);
