import { expect, test } from 'vitest';
import { workerUrl, workerUrlFor } from './workerUrl.ts';

test('from source: the TypeScript worker of the engine', () => {
  expect(workerUrlFor('file:///app/src/hosts/workerUrl.ts').href).toBe('file:///app/src/engine/worker.ts');
  expect(workerUrl.pathname).toMatch(/\/src\/engine\/worker\.ts$/);
});

test('from a build: worker.js beside the entry and beside any chunk', () => {
  expect(workerUrlFor('file:///app/dist/cli.js').href).toBe('file:///app/dist/worker.js');
  expect(workerUrlFor('file:///app/dist/serve-a1b2.js').href).toBe('file:///app/dist/worker.js');
});
