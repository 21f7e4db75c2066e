import type { ReadTable } from '../data/spectraTable.ts';

/**
 * The samples of a scene too large to be read whole, with the pixels that have a class put in front (all, or as many as a table
 * holds): the scene's own samples then only tell its range (class -1).
 * @param classed the pixels that have a class, of the same cube and class map.
 */
export function withAllClassed(scene: ReadTable, classed: ReadTable): ReadTable {
  const among = scene.classes?.ofRow.reduce((count, one) => count + (one >= 0 ? 1 : 0), 0) ?? 0;
  if (classed.classes === null || among >= classed.rows) return scene;
  const values = new Float32Array(classed.values.length + scene.values.length);
  values.set(classed.values);
  values.set(scene.values, classed.values.length);
  const rows = classed.rows + scene.rows;
  const ofRow = new Int32Array(rows).fill(-1);
  ofRow.set(classed.classes.ofRow);
  let positions: Int32Array | null = null;
  if (classed.positions !== null && scene.positions !== null) {
    positions = new Int32Array(2 * rows);
    positions.set(classed.positions);
    positions.set(scene.positions, 2 * classed.rows);
  }
  const learnt =
    classed.sampledOf === undefined
      ? `the ${classed.rows} with a class and all values are samples to learn from`
      : `${classed.rows} of ${classed.sampledOf} with a class are samples to learn from`;
  return {
    ...scene,
    rows,
    values,
    positions,
    rangeOnly: scene.rows,
    classes: { ...classed.classes, ofRow },
    notes: [
      ...classed.notes,
      `Of the whole scene, ${scene.rows} pixels spread evenly tell its range; ${learnt}.`,
    ],
  };
}
