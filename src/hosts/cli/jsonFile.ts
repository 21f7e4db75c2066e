import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { CommandError } from './exitCodes.ts';

/**
 * The JSON object of a file. Throws `not-found`, and `malformed-file` where it is none.
 * @param what it should be, for the message: "a JSON object of open options".
 */
export function readJsonObject(file: string, what: string, remedy: string): Record<string, unknown> {
  const name = basename(file);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    const { code = 'unknown error' } = thrown as NodeJS.ErrnoException;
    throw new CommandError({
      code: 'not-found',
      message: code === 'ENOENT' ? `${name} does not exist.` : `${name} cannot be read (${code}).`,
      file: name,
      remedy: `Give ${what}.`,
    });
  }
  let json: unknown;
  let fault = '';
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    fault = ` (${(thrown as Error).message})`;
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
  throw new CommandError({
    code: 'malformed-file',
    message: `${name} is not ${what}${fault}.`,
    file: name,
    remedy,
  });
}
