import { expect, test } from 'vitest';
import type { CubeInfo } from '../../../src/engine/contract/index.ts';
import { aspectOf, mapWords, metresPerSample } from './ground.ts';

const info = (geoTransform: CubeInfo['geoTransform'], wkt: string | null): CubeInfo =>
  ({
    lines: 100,
    samples: 200,
    geoTransform,
    crs: wkt === null ? null : { epsg: null, name: null, wkt },
  }) as CubeInfo;

const utm =
  'PROJCS["WGS 84 / UTM zone 33N",GEOGCS["WGS 84",UNIT["degree",0.0174532925199433]],UNIT["metre",1]]';
const feet = utm.replace('UNIT["metre",1]', 'UNIT["US survey foot",0.3048006096012192]');
const degrees = 'GEOGCS["WGS 84",UNIT["degree",0.0174532925199433]]';

test('a sample on the ground: metres, feet, degrees at 60 north, turned by 45 degrees', () => {
  expect(metresPerSample(info([0, 30, 0, 0, 0, -30], utm))).toBe(30);
  expect(metresPerSample(info([0, 10, 0, 0, 0, -10], feet))).toBeCloseTo(3.048, 3);
  // Line 50 of lines that are 0.2 degrees high: latitude 70 - 10 = 60, where a degree of longitude has half the metres.
  expect(metresPerSample(info([0, 0.001, 0, 70, 0, -0.2], degrees))).toBeCloseTo(55.66, 1);
  expect(metresPerSample(info([0, 3, 4, 0, 4, -3], utm))).toBe(5);
  expect(metresPerSample(info(null, utm))).toBeNull();
  expect(metresPerSample(info([0, 1, 0, 0, 0, -1], null))).toBeNull();
});

test('lines higher than samples are wide', () => {
  expect(aspectOf(info([0, 10, 0, 0, 0, -20], utm))).toBe(2);
  expect(aspectOf(info([0, 10, 0, 0, 0, -2000], utm))).toBe(1);
  expect(aspectOf(info(null, null))).toBe(1);
});

test('coordinates are called by what they are', () => {
  expect(mapWords(info([0, 30, 0, 0, 0, -30], utm))).toEqual({ x: 'E', y: 'N', unit: 'm', decimals: 0 });
  expect(mapWords(info([0, 0.5, 0, 0, 0, -0.5], utm))?.decimals).toBe(2);
  expect(mapWords(info([0, 0.001, 0, 70, 0, -0.001], degrees))).toEqual({
    x: 'Lon',
    y: 'Lat',
    unit: '°',
    decimals: 4,
  });
  expect(mapWords(info(null, null))).toBeNull();
});
