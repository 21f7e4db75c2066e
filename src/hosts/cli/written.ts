import type { ExportParameters, ExportResult } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { outputText } from './text.ts';

/** Runs an export of an open cube to a file. */
export function exported<Kind extends keyof ExportParameters>(
  client: Client,
  out: string,
  cubeId: string,
  kind: Kind,
  parameters: ExportParameters[Kind],
): Promise<ExportResult> {
  // The command line replaces an existing output, as commands do; an input never.
  const target = client.grantWrite(out);
  const order = { cubeId, target, replace: true, output: { kind, parameters } };
  return client.job('export', order);
}

/** As `exported`; gives what is printed of it. */
export const written = async <Kind extends keyof ExportParameters>(
  client: Client,
  ...order: [out: string, cubeId: string, kind: Kind, parameters: ExportParameters[Kind]]
): Promise<string> => wrote(client, await exported(client, ...order));

/** What is printed of an output, after what was assumed for it. */
export function wrote(client: Client, result: ExportResult): string {
  client.sayAssumptions(result.assumptions, 'output');
  return outputText(result);
}
