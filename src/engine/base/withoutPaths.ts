/** The last name of a path of either system. */
export const lastName = (path: string): string =>
  path
    .split(/[\\/]/)
    .filter((name) => name !== '')
    .at(-1) ?? path;

// Quoted paths may hold blanks, bare ones end at a blank. A slash inside a word (W/m^2/sr) begins no path.
const quoted = /(['"`])((?:file:\/\/|[A-Za-z]:[\\/]|\\\\|\/)[^'"`\n]*)\1/g;
const bare = /(?<![\w.)\]}/\\-])(?:file:\/\/|[A-Za-z]:[\\/]|\\\\|\/)[^\s'"`,;<>()]+/g;

/** A foreign text with every absolute path (POSIX, Windows, file URL) shortened to the file's name. */
export const withoutPaths = (text: string): string =>
  text
    .replace(quoted, (_, quote: string, path: string) => `${quote}${lastName(path)}${quote}`)
    .replace(bare, lastName);
