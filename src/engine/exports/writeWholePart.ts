import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';

/** Makes a text, or bytes, the whole content of a temporary file; synchronous: for worker threads only. */
export function writeWholePart(output: OutputFile, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const writer = new PartWriter(output);
  try {
    writer.write(bytes, 0);
    writer.finish(bytes.length);
  } finally {
    writer.close();
  }
}
