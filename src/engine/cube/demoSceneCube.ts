import type { Crs, GeoTransform } from '../contract/cube.ts';
import { bytesOf, machineByteOrder, type DataType } from '../base/dataTypes.ts';
import type { SourceRef } from '../io/byteSource.ts';
import { plainBand, type CubeDescription, type OpenedCube } from './cube.ts';
import type { DemoScene } from './demoScene.ts';
import { demoNoDataValue, storedPerReflectance } from './demoSceneRecipe.ts';

/** WGS 84 / UTM zone 33 north, as ESRI's WKT spells it. */
const utm33: Crs = {
  epsg: 32633,
  name: 'WGS 84 / UTM zone 33N',
  wkt:
    'PROJCS["WGS_1984_UTM_Zone_33N",GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",' +
    'SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],' +
    'PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],' +
    'PARAMETER["Central_Meridian",15.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],' +
    'UNIT["Meter",1.0]]',
};

/** Upper left corner in metres; the scene covers 3200 m x 2400 m whatever its number of pixels. */
const upperLeft = { easting: 368_000, northing: 5_808_000 };
const extent = { eastMetres: 3200, southMetres: 2400 };

/** The demo scene as a cube in memory: uint16, BIL, all band metadata, UTM 33N with square pixels of 10 m. */
export function demoSceneCube(scene: DemoScene): OpenedCube {
  const bandRecords = scene.wavelengthsNm.map((wavelengthNm, band) => ({
    ...plainBand,
    name: scene.bandNames[band] ?? null,
    wavelengthNm,
    fwhmNm: scene.fwhmNm[band] ?? null,
    good: scene.bandIsGood[band] ?? true,
    noData: demoNoDataValue,
    scale: 1 / storedPerReflectance,
    unit: 'reflectance',
  }));
  return memoryCube(scene, 'demo-scene', scene.stored.buffer, 'uint16', {
    bandRecords,
    wavelengthUnits: 'Nanometers',
    defaultBands: [640, 550, 470].map((nm) => nearestBand(scene, nm)),
    classes: null,
    metadata: {
      description: `Generated scene of five materials with known spectra, seed ${scene.recipe.seed}`,
      'sensor type': 'Generated: two detectors that overlap by 30 nm',
    },
  });
}

/** The demo scene's class map as a cube in memory: uint8, one band, class 0 without data, classes 1 to 5 materials. */
export function demoClassMapCube(scene: DemoScene): OpenedCube {
  const materials = scene.materials.map(({ name, rgb }) => ({ name, rgb }));
  return memoryCube(scene, 'demo-scene-classes', scene.classMap.buffer, 'uint8', {
    bandRecords: [{ ...plainBand, name: 'Most abundant material' }],
    wavelengthUnits: null,
    defaultBands: [0],
    classes: [{ name: 'No data', rgb: [0, 0, 0] }, ...materials],
    metadata: { description: 'Most abundant material of each pixel of the generated scene' },
  });
}

type Particulars = Pick<
  CubeDescription,
  'bandRecords' | 'wavelengthUnits' | 'defaultBands' | 'classes' | 'metadata'
>;

function memoryCube(
  { recipe: { lines, samples } }: DemoScene,
  name: string,
  buffer: SharedArrayBuffer,
  dataType: DataType,
  particulars: Particulars,
): OpenedCube {
  const bands = buffer.byteLength / (lines * samples * bytesOf(dataType));
  const source: SourceRef = { kind: 'memory', name, buffer };
  const shape = { lines, samples, bands };
  const storage = { dataType, byteOrder: machineByteOrder, interleave: 'bil', headerOffset: 0 } as const;
  return {
    description: {
      file: name,
      format: 'memory',
      images: [{ imageId: name, name, ...shape }],
      imageId: name,
      ...shape,
      ...storage,
      geoTransform: geoTransform(lines, samples),
      crs: utm33,
      geoKeys: null,
      joinIndexes: [],
      assumptions: [],
      ...particulars,
    },
    layout: { kind: 'raw', source, ...storage, ...shape },
    files: [source],
  };
}

function geoTransform(lines: number, samples: number): GeoTransform {
  const { easting, northing } = upperLeft;
  return [easting, extent.eastMetres / samples, 0, northing, 0, -extent.southMetres / lines];
}

function nearestBand({ wavelengthsNm }: DemoScene, nm: number): number {
  const distances = wavelengthsNm.map((centre) => Math.abs(centre - nm));
  return distances.indexOf(Math.min(...distances));
}
