import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { expect, it } from 'vitest';
import { guidePictures, picturesFolder } from './guidePictures.ts';

it.each(Object.entries(guidePictures()))('%s is the committed picture', (name, picture) => {
  expect(XMLValidator.validate(picture)).toBe(true);
  expect(readFileSync(join(picturesFolder, name), 'utf8')).toBe(picture);
});
