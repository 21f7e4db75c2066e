import { traversalLimits, type JobKinds, type VaeSpectrum } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { formatOf, json } from './command.ts';
import { usageError } from './exitCodes.ts';
import { numberOf, said, wholeOf } from './learningOptions.ts';
import { parsePixel, type Arguments } from './options.ts';
import { columnTable, outputText } from './text.ts';
import { savedModel, short } from './vaeShared.ts';

/** `cubelens vae spectrum`: what is printed of it. */
export async function spectrum(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [folder, cube, ...more] = files;
  if (folder === undefined || cube === undefined || more.length > 0) {
    throw usageError('vae spectrum takes a MODEL_DIR and a cube.');
  }
  const pixel = pixelOf(args);
  if (pixel === null) throw usageError('--at LINE,SAMPLE is missing.');
  const out = args.text('out');
  if (out !== undefined) {
    if (args.flag('json')) throw usageError('--json prints, --out writes: choose one.');
    const figure = { kind: 'spectrum' as const, pixel: { ...pixel, grantId: client.grantRead(cube) } };
    return written(args, client, folder, figure, out);
  }
  const { modelId } = await (await client.api.vae.models.$post({ json: savedModel(client, folder) })).json();
  const { cubeId } = await client.open(cube);
  const found: VaeSpectrum = await (
    await client.api.vae.spectrum.$post({ json: { modelId, cubeId, ...pixel } })
  ).json();
  return args.flag('json') ? json(found) : spectrumText(found);
}

/** `cubelens vae traverse`: what is printed of it. */
export async function traverse(args: Arguments, client: Client, files: readonly string[]): Promise<string> {
  const [folder, cube, ...more] = files;
  if (folder === undefined || more.length > 0) {
    throw usageError('vae traverse takes a MODEL_DIR, and a cube where it begins at a pixel.');
  }
  const at = pixelOf(args);
  if ((cube === undefined) !== (at === null)) {
    throw usageError('A cube and --at LINE,SAMPLE go together: the pixel to begin at.');
  }
  const reach = numberOf(args, 'reach', { above: 0, most: traversalLimits.reach });
  const steps = wholeOf(args, 'steps', traversalLimits.steps.least, traversalLimits.steps.most);
  const figure = {
    kind: 'traversal' as const,
    pixel: cube === undefined || at === null ? null : { ...at, grantId: client.grantRead(cube) },
    ...(reach === undefined ? {} : { reach }),
    ...(steps === undefined ? {} : { steps }),
  };
  return written(args, client, folder, figure, args.needed('out'));
}

type Figure = JobKinds['vae-figure']['parameters']['figure'];

async function written(
  args: Arguments,
  client: Client,
  folder: string,
  figure: Figure,
  out: string,
): Promise<string> {
  const format = formatOf(out, ['csv', 'svg']);
  const files = savedModel(client, folder);
  const order = { files, figure, target: client.grantWrite(out), format, replace: true };
  const result = await client.job('vae-figure', order);
  return args.flag('json') ? json(result) : `${said(result.notes)}${outputText(result.written)}`;
}

function pixelOf(args: Arguments): { line: number; sample: number } | null {
  const [at, ...others] = args.many('at');
  if (others.length > 0) throw usageError('Give one pixel: one --at LINE,SAMPLE.');
  return at === undefined ? null : parsePixel(at);
}

function spectrumText(found: VaeSpectrum): string {
  const { line, sample, mu, sigma, klPerDimension, error } = found;
  const rows = mu.map((one, k) => [
    `z${k + 1}`,
    short(one),
    short(sigma[k] ?? NaN),
    short(klPerDimension[k] ?? NaN),
  ]);
  const columns = found.names.map((name, k) => [
    name,
    found.wavelengthsNm === null ? '-' : short(found.wavelengthsNm[k] ?? NaN, 6),
    short(found.measured[k] ?? NaN, 6),
    short(found.decoded[k] ?? NaN, 6),
    short(found.sd[k] ?? NaN),
  ]);
  const kl = klPerDimension.reduce((sum, one) => sum + one, 0);
  return [
    `The Gaussian of the pixel at line ${line}, sample ${sample}: ${short(kl)} nats from N(0, I)\n`,
    columnTable(['', 'mu', 'sigma', 'KL, nats'], rows),
    `\nWhat mu decodes to: off by ${short(error)} standard deviations of the columns\n`,
    columnTable(['', 'nm', 'measured', 'decoded', 'sd'], columns),
    said(found.notes),
  ].join('');
}
