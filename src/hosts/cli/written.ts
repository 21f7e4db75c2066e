import type { ExportParameters, ExportResult } from '../../engine/contract/index.ts';
import type { Client } from './client.ts';
import { outputText } from './text.ts';

/** Runs an export of an open cube to a file; gives what is printed of it. */
export async function written<Kind extends keyof ExportParameters>(
  client: Client,
  out: string,
  cubeId: string,
  kind: Kind,
  parameters: ExportParameters[Kind],
): Promise<string> {
  // The command line replaces an existing output, as commands do; an input never.
  const target = client.grantWrite(out);
  const order = { cubeId, target, replace: true, output: { kind, parameters } };
  return wrote(client, await client.job('export', order));
}

/** What is printed of an output, after what was assumed for it. */
export function wrote(client: Client, result: ExportResult): string {
  client.sayAssumptions(result.assumptions, 'output');
  return outputText(result);
}
