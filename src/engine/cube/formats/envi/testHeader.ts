/** A header of 2 lines x 3 samples x 4 bands of uint8 (24 bytes); undefined takes a field out. */
export function headerText(changes: Record<string, string | undefined> = {}): string {
  const fields: Record<string, string | undefined> = {
    samples: '3',
    lines: '2',
    bands: '4',
    'header offset': '0',
    'file type': 'ENVI Standard',
    'data type': '1',
    interleave: 'bsq',
    'byte order': '0',
    ...changes,
  };
  const stated = Object.entries(fields).filter(([, value]) => value !== undefined);
  return `ENVI\n${stated.map(([key, value]) => `${key} = ${value}`).join('\n')}\n`;
}
