const key = 'cubelens-window';

/**
 * The id under which this window holds its cubes. It outlives a reload, which thus finds the cubes again; a tab that was
 * duplicated gets one of its own, or it would close the cubes of the first.
 */
export async function takeWindowId(): Promise<string> {
  const kept = sessionStorage.getItem(key);
  if (kept !== null && (await hold(kept))) return kept;
  const id = crypto.randomUUID();
  await hold(id);
  sessionStorage.setItem(key, id);
  return id;
}

/** Holds the id as long as this page lives; false where another page has it. */
function hold(id: string): Promise<boolean> {
  return new Promise((tell, fail) => {
    navigator.locks
      .request(`${key} ${id}`, { ifAvailable: true }, (lock) => {
        tell(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => undefined);
      })
      .catch(fail);
  });
}
