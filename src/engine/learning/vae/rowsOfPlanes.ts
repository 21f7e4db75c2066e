/** Spectra row after row (pixels x bands) of planes one after the other (bands x pixels). */
export function rowsOfPlanes(planes: ArrayLike<number>, bands: number, pixels: number): Float32Array {
  const rows = new Float32Array(pixels * bands);
  for (let band = 0; band < bands; band++) {
    for (let pixel = 0; pixel < pixels; pixel++) {
      rows[pixel * bands + band] = planes[band * pixels + pixel] as number;
    }
  }
  return rows;
}
