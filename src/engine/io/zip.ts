import { crc32 } from 'node:zlib';
import { CubelensError } from '../base/errors.ts';

/** Most bytes that one entry may unpack to. */
const mostEntryBytes = 2 ** 29;

/**
 * The wanted entries of a zip file, by name, each checked against its CRC-32. Throws `malformed-file` for what is no whole zip, for
 * damage, and for entries of more than 512 MB.
 */
export async function unzip(
  bytes: Uint8Array,
  file: string,
  isWanted: (name: string) => boolean,
): Promise<Map<string, Uint8Array>> {
  // Loaded when it is first needed.
  const { unzipSync } = await import('fflate');
  const broken = (message: string, thrown?: unknown): CubelensError =>
    new CubelensError(
      'malformed-file',
      `${file}: ${message}.`,
      { file, remedy: 'Save or copy it again.' },
      thrown,
    );
  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!isWanted(name)) return false;
        if (originalSize <= mostEntryBytes) return true;
        throw broken(`${name} unpacks to more than 512 MB`);
      },
    });
  } catch (thrown) {
    throw thrown instanceof CubelensError ? thrown : broken('this is no whole zip file', thrown);
  }
  const sums = checksums(bytes);
  for (const [name, content] of Object.entries(entries)) {
    if (sums.get(name) !== crc32(content)) throw broken(`${name} is damaged: its checksum is wrong`);
  }
  return new Map(Object.entries(entries));
}

const endMark = 0x06054b50;
const entryMark = 0x02014b50;

/** CRC-32 of each entry, from the directory at the end (PKWARE APPNOTE 4.3.12): fflate does not look at them. */
function checksums(bytes: Uint8Array): Map<string, number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sums = new Map<string, number>();
  let end = bytes.length - 22;
  while (end > 0 && view.getUint32(end, true) !== endMark) end--;
  if (end < 0) return sums;
  let at = view.getUint32(end + 16, true);
  while (at + 46 <= end && view.getUint32(at, true) === entryMark) {
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + (nameLength ?? 0)));
    sums.set(name, view.getUint32(at + 16, true));
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return sums;
}
