import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OpenVaeAnswer } from '../src/engine/contract/vaeImages.ts';
import type { VaeTraversal } from '../src/engine/contract/vaeSpectra.ts';
import { modelToFiles } from '../src/engine/learning/vae/modelFiles.ts';
import { linearModel } from '../src/engine/learning/vae/testModel.ts';
import { answerOf, TestEngine } from './testEngine.ts';

const test = new TestEngine();
const [latent, columns] = [40, 600];
let modelId = '';
beforeAll(async () => {
  const { json, binary } = modelToFiles(linearModel(latent, columns));
  writeFileSync(test.at('vae.json'), json);
  writeFileSync(test.at('vae.bin'), binary);
  const { grants } = test.engine;
  const files = {
    model: grants.grantRead(test.at('vae.json')).grantId,
    weights: grants.grantRead(test.at('vae.bin')).grantId,
  };
  ({ modelId } = await answerOf<OpenVaeAnswer>(await test.post('/vae/models', files)));
});
afterAll(() => test.close());

const traversal = async (asked: object): Promise<VaeTraversal> =>
  answerOf<VaeTraversal>(await test.post('/vae/traversal', { modelId, ...asked }));

it('goes along the first 12 dimensions, or those that are named', async () => {
  const first = await traversal({ steps: 3 });
  expect(first.dimensionIndexes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect([first.spectra.length, first.spectra[0]?.length, first.spectra[0]?.[0]?.length]).toEqual([
    12,
    3,
    columns,
  ]);
  const named = await traversal({ steps: 3, dimensionIndexes: [39, 2] });
  expect(named.spectra).toHaveLength(2);
  expect(named.spectra[1]).toEqual(first.spectra[2]);
});

it.each([
  [
    { dimensionIndexes: [...Array(latent).keys()], steps: 101 },
    { code: 'invalid-request', field: 'dimensionIndexes' },
  ],
  [{ dimensionIndexes: [latent] }, { code: 'invalid-request', field: 'dimensionIndexes' }],
  [{ from: Array(latent).fill(1e300) }, { code: 'invalid-request', field: 'from.0' }],
  [{ reach: 1e300 }, { code: 'invalid-request', field: 'reach' }],
])('refuses what is too far or too much (%#)', async (asked, problem) => {
  await expect(traversal(asked)).rejects.toMatchObject({ problem });
});
