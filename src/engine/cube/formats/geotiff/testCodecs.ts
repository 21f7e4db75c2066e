// For tests only: encoders written from the specifications.

/**
 * TIFF LZW (TIFF 6.0, section 13), written from the specification with a map of strings. `old`: the form before it,
 * least significant bit first, code width growing one code later.
 */
export function encodeLzw(data: Uint8Array, old = false): Uint8Array {
  const out: number[] = [];
  let held = 0;
  let bits = 0;
  const put = (code: number, width: number): void => {
    if (old) {
      bits |= code << held;
      for (held += width; held >= 8; held -= 8, bits >>>= 8) out.push(bits & 255);
    } else {
      bits = (bits << width) | code;
      for (held += width; held >= 8; held -= 8) out.push((bits >>> (held - 8)) & 255);
      bits &= (1 << held) - 1;
    }
  };
  let table = new Map<string, number>();
  let next = 258;
  let width = 9;
  const codeOf = (text: string): number =>
    text.length === 1 ? text.charCodeAt(0) : (table.get(text) as number);
  put(256, width);
  let current = '';
  for (const byte of data) {
    const longer = current + String.fromCharCode(byte);
    if (longer.length === 1 || table.has(longer)) {
      current = longer;
      continue;
    }
    put(codeOf(current), width);
    table.set(longer, next++);
    if (next + (old ? 0 : 1) > 1 << width) width++;
    if (next === 4094) {
      put(256, width);
      table = new Map();
      next = 258;
      width = 9;
    }
    current = String.fromCharCode(byte);
  }
  if (current !== '') {
    put(codeOf(current), width);
    next++;
    if (next + (old ? 0 : 1) > 1 << width && width < 12) width++;
  }
  put(257, width);
  if (held > 0) out.push(old ? bits & 255 : (bits << (8 - held)) & 255);
  return Uint8Array.from(out);
}

/** PackBits: runs of three and more as runs, the rest as literals. */
export function encodePackBits(data: Uint8Array): Uint8Array {
  const out: number[] = [];
  let literal: number[] = [];
  const flush = (): void => {
    if (literal.length > 0) out.push(literal.length - 1, ...literal);
    literal = [];
  };
  for (let i = 0; i < data.length;) {
    let run = 1;
    while (run < 128 && data[i + run] === data[i] && i + run < data.length) run++;
    if (run >= 3) {
      flush();
      out.push(257 - run, data[i] as number);
      i += run;
    } else {
      literal.push(data[i++] as number);
      if (literal.length === 128) flush();
    }
  }
  flush();
  return Uint8Array.from(out);
}
