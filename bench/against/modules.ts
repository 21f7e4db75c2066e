/** The part of a package-lock.json that is read here. */
export interface Lock {
  packages: Record<string, { version?: string; dev?: boolean }>;
}

/** Packages another build needs at run time which are not here in the same version: "name 1.2.3 (here: 1.3.0)". */
export function missingPackages(theirs: Lock, ours: Lock): string[] {
  return Object.entries(theirs.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .filter(([path, { version }]) => ours.packages[path]?.version !== version)
    .map(([path, { version }]) => {
      const here = ours.packages[path]?.version ?? 'none';
      return `${path.replace(/^node_modules\//, '')} ${version ?? '?'} (here: ${here})`;
    });
}
