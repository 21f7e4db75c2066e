/** A number in so many digits. Float32 has nine at most. */
export const digits = (value: number, count: number): string => String(Number(value.toPrecision(count)));
