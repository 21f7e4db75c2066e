import type { Pixel } from './cubeView.ts';

/** A pixel whose spectrum stays beside that of the picked one. Its number decides its colour and dash. */
export interface Pin extends Pixel {
  /** From 1. */
  number: number;
}

/** More could not be told apart. */
export const mostPins = 9;

/** The pin on a pixel, or null. */
export const pinAt = (pins: readonly Pin[], { line, sample }: Pixel): Pin | null =>
  pins.find((pin) => pin.line === line && pin.sample === sample) ?? null;

/** The pins without that on a pixel. */
export const withoutPin = (pins: readonly Pin[], pixel: Pixel): readonly Pin[] =>
  pins.filter((pin) => pinAt([pin], pixel) === null);

/** The pins with one more, which takes the smallest number that is free; in the order of their numbers. */
export function withPin(pins: readonly Pin[], { line, sample }: Pixel): readonly Pin[] {
  let number = 1;
  while (pins.some((pin) => pin.number === number)) number++;
  return [...pins, { number, line, sample }].toSorted((a, b) => a.number - b.number);
}
