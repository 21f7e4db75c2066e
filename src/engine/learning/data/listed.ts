/** Names that are listed. */
const mostNames = 20;

/** Some names in a sentence; of many the first ones and how many more. */
export function listed(names: readonly string[]): string {
  const more = names.length - mostNames;
  return names.slice(0, mostNames).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
