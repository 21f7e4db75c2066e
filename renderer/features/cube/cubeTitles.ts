import type { OpenCubeAnswer } from '../../../src/engine/contract/index.ts';

/** What each open cube is called: its file, with its image where there are several, numbered where that is the same. */
export function cubeTitles(cubes: readonly Pick<OpenCubeAnswer, 'info' | 'options'>[]): string[] {
  const met = new Map<string, number>();
  return cubes.map(({ info, options }) => {
    const of = info.images.find(({ imageId }) => imageId === options.imageId) ?? info.images[0];
    const image = info.images.length > 1 ? (of?.name ?? '') || of?.imageId : undefined;
    const title = image === undefined ? info.file : `${info.file} · ${image}`;
    const count = (met.get(title) ?? 0) + 1;
    met.set(title, count);
    return count === 1 ? title : `${title} (${count})`;
  });
}
