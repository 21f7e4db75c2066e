import { z } from 'zod';
import type { Assumption, SegmentInfo } from './cube.ts';
import type { ColourMapKind, ColourMapName } from './colourMaps.ts';
import type { FilterSettings } from './filter.ts';
import { imageRequestSchema } from './images.ts';
import { indexSchema, queryIndexSchema, queryNumberSchema } from './numbers.ts';
import { filterQuery, type StoredEntry } from './spectra.ts';

/** One of `GET /colour-maps`: 256 colours as red, green, blue, 0 to 255 each, from the lowest value on. */
export interface ColourMap {
  name: ColourMapName;
  kind: ColourMapKind;
  rgb: number[];
}

/** `GET /cubes/:cubeId/band`: the good band nearest to a wavelength. */
export const bandQuerySchema = z.object({ wavelengthNm: queryNumberSchema });

/** `POST /cubes/:cubeId/pixels`: the read-out under a pointer. */
export const pixelsRequestSchema = z.strictObject({
  at: z
    .array(z.strictObject({ line: indexSchema, sample: indexSchema }))
    .min(1)
    .max(100),
  /** The band whose stored number and value are read. */
  bandIndex: indexSchema,
  /** An image whose value is read too, such as a filtered band. */
  image: imageRequestSchema.nullable().default(null),
});

/** One pixel's numbers. */
export interface PixelReading {
  line: number;
  sample: number;
  /** Map coordinates of the pixel's centre; null where the cube has none. */
  map: readonly [number, number] | null;
  /** As in the file. */
  stored: StoredEntry;
  /** After scale and offset (complex: magnitude); null where not finite or nodata. */
  value: number | null;
  /** One entry a plane of the image; null as a whole where none was asked for. */
  image: (number | null)[] | null;
}
export interface PixelsAnswer {
  pixels: PixelReading[];
}

/** `GET /cubes/:cubeId/filter`: a filter at one band. */
export const filterBandQuerySchema = z.object({ bandIndex: queryIndexSchema, ...filterQuery });

/** What a filter does at one band. */
export interface FilterBandAnswer {
  filter: FilterSettings;
  bandIndex: number;
  /** The window's bands in file order, and their weights on values: result = sum of weight x value. */
  windowIndexes: number[];
  weights: number[];
  /** Width of the window from its first band's coordinate to its last one's: nm, or bands. */
  width: number;
  segment: SegmentInfo;
  /** True where the window is off-centre at its segment's end. */
  edge: boolean;
  /** Factor on white noise of the values: square root of the sum of the squared weights. */
  noiseGain: number;
  /** Unit of the result. */
  unit: string;
  notes: string[];
  assumptions: Assumption[];
}
