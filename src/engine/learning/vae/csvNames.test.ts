import { expect, it } from 'vitest';
import { latentBody } from './latentRows.ts';
import { spectraHead } from './spectraFile.ts';

it('names in a CSV are text, also those that a spreadsheet would run', () => {
  const one = Float32Array.of(1);
  const rows = latentBody(
    'csv',
    { rows: 1, latent: 1, mu: one, sigma: one },
    { positions: null, classNames: ['=1+1'] },
  );
  expect(new TextDecoder().decode(rows)).toBe("'=1+1,1,1\r\n");
  const head = spectraHead(
    'csv',
    { columns: 2, names: ['@a', 'b,c'] },
    { shape: [1], withDeviation: false, positions: null },
  );
  expect(new TextDecoder().decode(head)).toBe('\'@a,"b,c"\r\n');
});
