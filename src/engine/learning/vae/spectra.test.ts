import { describe, expect, it } from 'vitest';
import type { CubelensError } from '../../base/errors.ts';
import { traversalLimits, vaeTraversalSchema } from '../../contract/vaeSpectra.ts';
import { encodeWith } from './apply.ts';
import { drawFigure } from './figureText.ts';
import { plainMultiply } from './multiply.ts';
import { largestFloat } from './objective.ts';
import { packVae, unpackVae } from './packedModel.ts';
import { gaussianOf, nested, traversalOf } from './spectra.ts';
import { linearModel } from './testModel.ts';
import { checkDimensions, traversed } from './traversed.ts';

const at = { line: 1, sample: 2 };
const refused = (run: () => unknown): CubelensError => {
  try {
    run();
  } catch (thrown) {
    return thrown as CubelensError;
  }
  throw new Error('Nothing was refused.');
};

describe('gaussianOf', () => {
  const packed = packVae(linearModel(2, 4, { names: ['a', 'b', 'c', 'd'] }));

  it.each([
    [[5, NaN, 5, 5], 'has no value in b'],
    [[5, 5, 3.4e38, 5], 'has a value in c that is too large for the model'],
  ])('of %j says what is wrong', (values, message) => {
    const { code, message: seen, place } = refused(() => gaussianOf(packed, Float32Array.from(values), at));
    expect([code, place.field]).toEqual(['degenerate', 'line']);
    expect(seen).toContain(message);
  });

  it('says so where the network makes too much of finite values', () => {
    const strong = packVae(linearModel(2, 4, { scale: 1e6 }));
    const { message } = refused(() => gaussianOf(strong, Float32Array.of(1e37, 5, 5, 5), at));
    expect(message).toContain('has values that are too large for the model: it has no Gaussian.');
  });

  it('cuts a huge divergence where an image of it does', () => {
    const values = Float32Array.of(1e30, 5, 5, 5);
    const found = gaussianOf(packed, values, at);
    const image = encodeWith(plainMultiply, unpackVae(packed).ready, values, 1, { withError: false });
    expect(image.kl[0]).toBe(largestFloat);
    expect(found.klPerDimension).toContain(largestFloat);
    const far = unpackVae(packVae(linearModel(2, 4, { scale: 30 }))).ready;
    const { error } = encodeWith(plainMultiply, far, Float32Array.of(1e36, 5, 5, 5), 1);
    expect(error[0]).toBe(largestFloat);
    const without = encodeWith(plainMultiply, unpackVae(packed).ready, values, 1, { withDivergence: false });
    expect([without.kl.length, without.klPerDimension.length]).toEqual([0, 0]);
    expect(without.mu).toEqual(image.mu);
  });
});

describe('traversalOf', () => {
  const packed = packVae(linearModel(14, 5));

  it('computes the dimensions that are asked for alone', () => {
    const asked = { reach: 2, steps: 3 };
    const all = nested(traversalOf(packed, null, { ...asked, dimensionIndexes: [...Array(14).keys()] }));
    const some = nested(traversalOf(packed, null, { ...asked, dimensionIndexes: [13, 4] }));
    expect(some.spectra).toEqual([all.spectra[13], all.spectra[4]]);
    expect(some).toMatchObject({ dimensionIndexes: [13, 4], offsets: [-2, 0, 2], sd: all.sd });
  });

  it('refuses a point whose spectra are beyond float32', () => {
    const strong = packVae(linearModel(14, 5, { scale: 1e6 }));
    const far = Array.from({ length: 14 }, () => 3e36);
    const { code, message } = refused(() =>
      traversalOf(strong, far, { reach: 1, steps: 2, dimensionIndexes: [3] }),
    );
    expect([code, message]).toEqual(['degenerate', 'Along z4 the model decodes to no finite numbers.']);
  });

  it('gives the first 12 dimensions where none are named, and not more numbers than one answer takes', () => {
    const size = { latent: 256, columns: 426 };
    expect(traversed(size, { steps: 7 })).toEqual([...Array(12).keys()]);
    expect(traversed({ latent: 2, columns: 4 }, { steps: 7 })).toEqual([0, 1]);
    const dimensionIndexes = [...Array(256).keys()];
    const tooMany = refused(() => traversed(size, { dimensionIndexes, steps: 101 }));
    expect(tooMany).toMatchObject({ code: 'invalid-request', place: { field: 'dimensionIndexes' } });
    expect(tooMany.place.remedy).toContain('2000000 numbers at most');
    const beyond = refused(() => traversed({ latent: 3, columns: 4 }, { dimensionIndexes: [3], steps: 7 }));
    expect(beyond.message).toBe('There is no latent dimension z4: the model has z1 to z3.');
    expect(refused(() => checkDimensions(1, [1], 'dimensionIndex')).message).toContain('z1 alone');
  });

  it('is asked for within limits', () => {
    const asked = (more: object): boolean =>
      vaeTraversalSchema.safeParse({ modelId: 'a'.repeat(64), ...more }).success;
    expect(asked({ from: [traversalLimits.from], reach: 1000, steps: 101 })).toBe(true);
    expect(asked({ from: [1e300] })).toBe(false);
    expect(asked({ reach: 1001 })).toBe(false);
    expect(asked({ steps: 102 })).toBe(false);
  });
});

describe('unpackVae', () => {
  it('unpacks a model once for every object of the same memory', () => {
    const [one, other] = [packVae(linearModel(2, 4)), packVae(linearModel(3, 4))];
    const first = unpackVae(one);
    expect(unpackVae(structuredClone(one))).toBe(first);
    expect(unpackVae(other).ready.network.latent).toBe(3);
    expect(unpackVae(one).ready.network.latent).toBe(2);
  });
});

describe('pictures', () => {
  const draw = (packed: SharedArrayBuffer, steps = 7): string =>
    [
      ...drawFigure(packed, null, {
        figure: { kind: 'traversal', pixel: null, reach: 3, steps },
        format: 'svg',
      }),
    ].join('');

  it('show bands that stand alone as dots, their deviation as a bar', () => {
    const wavelengthsNm = [400, 410, 420, 700, 900, 910];
    const packed = packVae(linearModel(1, 6, { wavelengthsNm }));
    const spectrum = gaussianOf(packed, Float32Array.of(5, 5.2, 5.1, 4, 5, 5), at);
    const asked = { figure: { kind: 'spectrum' as const, pixel: at }, format: 'svg' as const };
    const [svg = ''] = drawFigure(packed, spectrum, asked);
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg.match(/stroke-width="5"/g)).toHaveLength(1);
    expect(svg).not.toMatch(/M[^LM]*(M|")/);
  });

  it('show a model of one band, and bands of one wavelength', () => {
    const one = draw(packVae(linearModel(1, 1, { wavelengthsNm: [550] })));
    expect(one.match(/<circle/g)).toHaveLength(7);
    expect(one).not.toContain('NaN');
    expect(one).toContain('7 steps along one coordinate<');
    const same = draw(packVae(linearModel(1, 4, { wavelengthsNm: [550, 550, 550, 560] })));
    expect(same.match(/fill="none" stroke="rgb/g)).toHaveLength(7);
    expect(same).not.toContain('<circle');
  });

  it('are broken where wavelengths turn back, in either direction', () => {
    for (const wavelengthsNm of [
      [400, 410, 420, 415, 425, 435],
      [435, 425, 415, 420, 410, 400],
    ]) {
      const svg = draw(packVae(linearModel(1, 6, { wavelengthsNm })));
      expect(svg.match(/<path d="M[^M]*M[^M]*" fill="none"/g)).toHaveLength(7);
    }
  });

  it('count columns in whole numbers, and write large values short', () => {
    const model = linearModel(1, 3);
    model.standardisation.mean.fill(5e12);
    const svg = draw(packVae({ ...model, standardisation: { ...model.standardisation } }));
    expect(svg).toContain('>2</text>');
    expect(svg).not.toContain('>1.2</text>');
    expect(svg).toMatch(/>\d(\.\d+)?e\+12<\/text>/);
  });

  it('name a middle step only where there is one, and draw 12 dimensions', () => {
    const packed = packVae(linearModel(14, 5));
    const odd = draw(packed, 3);
    expect(odd.match(/z1 = /g)).toHaveLength(3);
    expect(odd).toContain('(12 of 14)');
    expect(odd).toContain('z12 = 0');
    expect(odd).not.toContain('z13 = ');
    expect(draw(packed, 4).match(/z1 = /g)).toHaveLength(2);
  });
});
