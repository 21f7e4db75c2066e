import type { Assumption } from '../contract/cube.ts';
import type { CubeDescription } from './cube.ts';
import { channelSkips } from './formats/bandNames.ts';

/** Wavelengths of instruments, in nanometres: 100 nm (far ultraviolet) to 1 mm (far infrared). */
const leastNm = 100;
const mostNm = 1e6;

/** What is read as stated and yet looks wrong, each with the option that corrects it. */
export function doubts(cube: CubeDescription): Assumption[] {
  return [...doubtfulWavelengths(cube), ...skippedChannels(cube)];
}

function doubtfulWavelengths({ bandRecords, wavelengthUnits }: CubeDescription): Assumption[] {
  const stated = bandRecords.flatMap(({ wavelengthNm }) => (wavelengthNm === null ? [] : [wavelengthNm]));
  const outside = stated.filter((nm) => nm < leastNm || nm > mostNm);
  const [first] = outside;
  if (first === undefined) return [];
  const where = outside.length === stated.length ? 'All' : `${outside.length} of ${stated.length}`;
  const unit = wavelengthUnits === null ? '' : ` (unit "${wavelengthUnits.slice(0, 40)}")`;
  const why =
    `${where} wavelengths lie outside 100 nm to 1 mm, for instance ${first} nm${unit}; they are taken as stated. ` +
    'If the unit is wrong, open with wavelengthsNm (--open): one wavelength in nanometres a band.';
  return [{ field: 'wavelengthsNm', value: 'doubtful', why }];
}

/** Longest list of places that fits a message. */
const shownSkips = 6;

/** Band names that number a sensor's channels and leave some out, in a cube whose axis cannot show it. */
function skippedChannels({ bandRecords, joinIndexes }: CubeDescription): Assumption[] {
  if (bandRecords.some(({ wavelengthNm }) => wavelengthNm !== null)) return [];
  const skips = channelSkips(bandRecords.map(({ name }) => name));
  const open = skips.filter(({ bandIndex }) => !joinIndexes.includes(bandIndex));
  if (open.length === 0) return [];
  const places = open.slice(0, shownSkips).map(({ bandIndex, first, last }) => {
    const missing = first === last ? `${first}` : `${first} to ${last}`;
    return `${missing} (after band ${bandIndex + 1})`;
  });
  if (open.length > shownSkips) places.push(`and ${open.length - shownSkips} more`);
  const joins = open.slice(0, shownSkips).map(({ bandIndex }) => bandIndex + 1);
  const more = open.length > shownSkips ? ', ...' : '';
  const why =
    `The band names number channels and leave out ${places.join(', ')}; filters over band numbers run across. ` +
    `To end segments there, open with joins (--open): {"joins": [${joins.join(', ')}${more}]}.`;
  return [{ field: 'joins', value: 'none', why }];
}
