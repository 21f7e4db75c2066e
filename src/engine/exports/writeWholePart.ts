import type { OutputFile } from '../io/outputFile.ts';
import { PartWriter } from '../io/partWriter.ts';

/** Makes a text the whole content of a temporary file; synchronous: for worker threads only. */
export function writeWholePart(output: OutputFile, text: string): void {
  const bytes = new TextEncoder().encode(text);
  const writer = new PartWriter(output);
  try {
    writer.write(bytes, 0);
    writer.finish(bytes.length);
  } finally {
    writer.close();
  }
}
