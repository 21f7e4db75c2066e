/**
 * One Gaussian feature of a reflectance spectrum: `depth` is taken off the continuum at `centreNm` (a negative depth
 * is a peak); `sigmaNm` is the standard deviation.
 */
export interface GaussianFeature {
  centreNm: number;
  sigmaNm: number;
  depth: number;
}

/** A smooth step of the continuum: `height` x logistic((nm - centreNm) / widthNm), such as the red edge. */
export interface ContinuumStep {
  centreNm: number;
  widthNm: number;
  height: number;
}

/** A material of the demo scene: continuum (a line and steps) minus Gaussian absorption features. */
export interface DemoMaterial {
  name: string;
  /** Colour of its class in the class map, 0 to 255. */
  rgb: readonly [number, number, number];
  /** Reflectance of the continuum's line at 400 nm and its slope per nm. */
  base: number;
  slope: number;
  steps: readonly ContinuumStep[];
  features: readonly GaussianFeature[];
}

export type DerivativeOrder = 0 | 1 | 2;

/** The five materials, in the order of classes 1 to 5 and of abundances. */
export const demoMaterials: readonly DemoMaterial[] = [
  {
    name: 'Water',
    rgb: [40, 90, 200],
    base: 0.014,
    slope: -2e-6,
    steps: [],
    features: [
      { centreNm: 545, sigmaNm: 75, depth: -0.05 },
      { centreNm: 676, sigmaNm: 12, depth: 0.003 },
    ],
  },
  {
    name: 'Crop',
    rgb: [130, 190, 60],
    base: 0.045,
    slope: 0,
    steps: [
      { centreNm: 718, widthNm: 11, height: 0.42 },
      { centreNm: 1380, widthNm: 45, height: -0.1 },
    ],
    features: [
      { centreNm: 552, sigmaNm: 28, depth: -0.055 },
      { centreNm: 676, sigmaNm: 14, depth: 0.018 },
      { centreNm: 975, sigmaNm: 25, depth: 0.03 },
      { centreNm: 1190, sigmaNm: 40, depth: 0.06 },
      { centreNm: 1440, sigmaNm: 55, depth: 0.22 },
    ],
  },
  {
    name: 'Soil',
    rgb: [160, 110, 60],
    base: 0.07,
    slope: 1.3e-4,
    steps: [{ centreNm: 600, widthNm: 70, height: 0.11 }],
    features: [
      { centreNm: 530, sigmaNm: 25, depth: 0.012 },
      { centreNm: 890, sigmaNm: 60, depth: 0.03 },
      { centreNm: 1412, sigmaNm: 16, depth: 0.04 },
    ],
  },
  {
    name: 'Road',
    rgb: [150, 150, 155],
    base: 0.12,
    slope: 3e-5,
    steps: [],
    features: [
      { centreNm: 870, sigmaNm: 45, depth: 0.01 },
      { centreNm: 1210, sigmaNm: 18, depth: 0.012 },
      { centreNm: 1690, sigmaNm: 24, depth: 0.022 },
    ],
  },
  {
    name: 'Trees',
    rgb: [30, 100, 45],
    base: 0.028,
    slope: 0,
    steps: [
      { centreNm: 722, widthNm: 12, height: 0.28 },
      { centreNm: 1380, widthNm: 45, height: -0.08 },
    ],
    features: [
      { centreNm: 550, sigmaNm: 26, depth: -0.028 },
      { centreNm: 676, sigmaNm: 14, depth: 0.012 },
      { centreNm: 975, sigmaNm: 25, depth: 0.02 },
      { centreNm: 1190, sigmaNm: 40, depth: 0.05 },
      { centreNm: 1440, sigmaNm: 55, depth: 0.15 },
    ],
  },
];

/**
 * Reflectance of a material at one wavelength, or its exact derivative by wavelength.
 * @param nm - wavelength in nm, any.
 * @param order - 0: reflectance (1 = all light); 1: per nm; 2: per nm^2.
 */
export function materialReflectance(material: DemoMaterial, nm: number, order: DerivativeOrder): number {
  let total = [material.base + material.slope * (nm - 400), material.slope, 0][order] ?? 0;
  for (const step of material.steps) total += logisticStep(step, nm, order);
  for (const feature of material.features) total -= gaussian(feature, nm, order);
  return total;
}

/** depth x exp(-u^2/2) with u = (nm - centre) / sigma; derivatives -u/sigma and (u^2 - 1)/sigma^2 times it. */
function gaussian({ centreNm, sigmaNm, depth }: GaussianFeature, nm: number, order: DerivativeOrder): number {
  const u = (nm - centreNm) / sigmaNm;
  const value = depth * Math.exp((-u * u) / 2);
  if (order === 0) return value;
  return order === 1 ? (-u / sigmaNm) * value : ((u * u - 1) / (sigmaNm * sigmaNm)) * value;
}

/** height x p with p = 1 / (1 + exp(-u)), u = (nm - centre) / width; p' = p(1-p)/width, p'' = p(1-p)(1-2p)/width^2. */
function logisticStep(
  { centreNm, widthNm, height }: ContinuumStep,
  nm: number,
  order: DerivativeOrder,
): number {
  const p = 1 / (1 + Math.exp((centreNm - nm) / widthNm));
  if (order === 0) return height * p;
  const slope = (height * p * (1 - p)) / widthNm;
  return order === 1 ? slope : (slope * (1 - 2 * p)) / widthNm;
}
