// Containers of icons. Both take pictures as PNG, whole.

/** A picture of a square icon. */
export interface IconPicture {
  /** Pixels along an edge. */
  size: number;
  png: Uint8Array;
}

/** A Windows .ico: a directory of 16 bytes a picture, then the pictures. A size of 256 is written as 0. */
export function icoOf(pictures: readonly IconPicture[]): Buffer {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  pictures.forEach(({ size, png }, k) => {
    const at = 6 + 16 * k;
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...pictures.map(({ png }) => png)]);
}

/** Names of the sizes in a macOS .icns that are stored as PNG. */
const icnsNames: Readonly<Record<number, string>> = {
  32: 'ic11',
  64: 'ic12',
  128: 'ic07',
  256: 'ic08',
  512: 'ic09',
  1024: 'ic10',
};

/** A macOS .icns: blocks of name, length (head included, big-endian) and picture. Sizes without a name are left out. */
export function icnsOf(pictures: readonly IconPicture[]): Buffer {
  const block = (name: string, parts: readonly Uint8Array[]): Buffer => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32BE(8 + parts.reduce((sum, { length }) => sum + length, 0), 4);
    return Buffer.concat([head, ...parts]);
  };
  const blocks = pictures.flatMap(({ size, png }) => {
    const name = icnsNames[size];
    return name === undefined ? [] : [block(name, [png])];
  });
  return block('icns', blocks);
}
