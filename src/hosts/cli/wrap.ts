/** Width of what is printed for people: it fits the narrowest usual terminal. */
export const pageColumns = 80;

/**
 * Text that a file may have a share in, safe to print: what steers a terminal (control characters but for tabs and line
 * feeds) becomes its code as JSON writes it, so that JSON says the same afterwards.
 */
export const printable = (text: string): string =>
  text.replace(
    /[\0-\x08\x0b-\x1f\x7f-\x9f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/**
 * Breaks a text at spaces into lines of at most `pageColumns`; lines after the first start with `indent` spaces. A
 * word that is longer than a line stays whole, so that names and numbers can be copied.
 * @param used columns already taken on the first line.
 */
export function wrap(text: string, indent = 0, used = 0): string {
  const lines: string[] = [];
  let line = '';
  let room = pageColumns - used;
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || longer.length <= room) {
      line = longer;
      continue;
    }
    lines.push(line);
    room = pageColumns - indent;
    line = word;
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

/** Rows of a name and a text, two spaces between them, the text wrapped in its column. */
export function twoColumns(rows: readonly (readonly [string, string])[], margin = 0): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const indent = margin + width + 2;
  const row = ([name, text]: readonly [string, string]): string =>
    `${' '.repeat(margin)}${name.padEnd(width)}  ${wrap(text, indent, indent)}`.trimEnd();
  return rows.map((entry) => `${row(entry)}\n`).join('');
}
