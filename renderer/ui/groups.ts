/** Thin groups of three above 9999: "12 288", with a space that does not wrap; the true minus sign. */
export function grouped(text: string): string {
  const [whole = '', decimals] = text.replace('-', '\u2212').split('.');
  const digits = whole.replace('\u2212', '');
  const sign = whole.startsWith('\u2212') ? '\u2212' : '';
  const parts = digits.length > 4 ? digits.replace(/\B(?=(\d{3})+$)/g, '\u2009') : digits;
  return sign + parts + (decimals === undefined ? '' : `.${decimals}`);
}

/** Bytes as people read them: "6.4 MB". */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? String(value) : value.toFixed(value < 10 ? 1 : 0)}\u00a0${units[power] ?? ''}`;
}
