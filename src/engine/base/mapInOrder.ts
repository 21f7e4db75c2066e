/**
 * Maps with a few items under way at once; results in the order of the items. After the first failure no further item is
 * begun, and it is thrown once those under way have ended.
 */
export async function mapInOrder<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const runner = async (): Promise<void> => {
    for (let index = next++; index < items.length && !failed; index = next++) {
      try {
        // The index is inside, so this is an item, which may itself be undefined.
        results[index] = await work(items[index] as Item, index);
      } catch (thrown) {
        failed = true;
        throw thrown;
      }
    }
  };
  const runners = Array.from({ length: Math.min(atOnce, items.length) }, runner);
  const outcomes = await Promise.allSettled(runners);
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failure !== undefined) throw failure.reason;
  return results;
}
