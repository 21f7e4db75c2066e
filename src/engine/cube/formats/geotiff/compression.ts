/** TIFF compression schemes (tag 259) that this reader decodes. */
export const compressions = {
  none: 1,
  lzw: 5,
  deflate: 8,
  deflateOld: 32946,
  packBits: 32773,
  zstd: 50000,
} as const;

/**
 * The most bytes that one compressed byte can stand for, by scheme: a block that claims more cannot be whole, and
 * nothing needs to be allocated to know it. Deflate: 258 bytes in 2 bits at best, 1032. PackBits: 128 bytes in 2.
 * LZW: strings of up to 3839 bytes in 12 bits. ZSTD: a repeated-byte block of 128 KiB in 4 bytes.
 */
export const maxExpansion: Partial<Record<number, number>> = {
  [compressions.none]: 1,
  [compressions.lzw]: 2560,
  [compressions.deflate]: 1032,
  [compressions.deflateOld]: 1032,
  [compressions.packBits]: 64,
  [compressions.zstd]: 32768,
};

const names: Partial<Record<number, string>> = {
  2: 'CCITT run length',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  6: 'old-style JPEG',
  7: 'JPEG',
  32771: 'CCITT run length, word aligned',
  32809: 'ThunderScan',
  34661: 'JBIG',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv 24',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

/** True where this reader decodes the scheme. */
export const isDecoded = (compression: number): boolean => maxExpansion[compression] !== undefined;

/** True where libtiff applies the predictor tag: LZW, Deflate and ZSTD; elsewhere it has no meaning. */
export const hasPredictor = (compression: number): boolean =>
  compression !== compressions.none && compression !== compressions.packBits;

/** Name of a scheme for messages. */
export const compressionName = (compression: number): string =>
  names[compression] ?? `unknown (tag value ${compression})`;
