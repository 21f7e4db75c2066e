/** A quad in device pixels of the screen. Corners are taken as they are, so that neighbours leave no gap. */
export const quadVertex = /* glsl */ `
precision highp float;
uniform mat4 modelViewMatrix;
uniform mat4 projectionMatrix;
uniform vec4 corners;
uniform vec4 texels;
in vec3 position;
out vec2 place;
void main() {
  vec2 corner = vec2(position.x < 0.5 ? corners.x : corners.z, position.y < 0.5 ? corners.y : corners.w);
  place = vec2(position.x < 0.5 ? texels.x : texels.z, position.y < 0.5 ? texels.y : texels.w);
  gl_Position = projectionMatrix * modelViewMatrix * vec4(corner, 0.0, 1.0);
}
`;

/** Where there is no picture: broad stripes where pixels have no value, thin ones where a tile could not be had. */
const patterns = /* glsl */ `
precision highp float;
precision highp int;
uniform float patternSize;
uniform vec3 ground;
uniform vec3 check;
uniform vec3 stripe;
out vec4 colour;
vec3 noValue() {
  return mod(gl_FragCoord.x + gl_FragCoord.y, patternSize) < 0.5 * patternSize ? ground : check;
}
vec3 hatched() {
  return mod(gl_FragCoord.x + gl_FragCoord.y, 2.0 * patternSize) < 0.35 * patternSize ? stripe : ground;
}
`;

export const noValueFragment = `${patterns}
void main() { colour = vec4(noValue(), 1.0); }
`;

export const hatchedFragment = `${patterns}
void main() { colour = vec4(hatched(), 1.0); }
`;

/** Values are fetched, never interpolated: a pixel on the screen shows one number of the file. */
const values = /* glsl */ `
precision highp sampler2DArray;
precision highp sampler2D;
uniform sampler2DArray tile;
uniform vec2 lastTexel;
in vec2 place;
float valueOf(int plane) {
  return texelFetch(tile, ivec3(ivec2(clamp(place, vec2(0.0), lastTexel)), plane), 0).r;
}
bool isNothing(float value) { return floatBitsToUint(value) == 0xff7fffffu; }
`;

/**
 * What the colour table says of a value, found by comparison with the colours' edges: x the edge where its colour begins,
 * y where the next one does, z its red, green and blue as one number. Arithmetic only guesses where to begin: its
 * rounding differs between graphics cards, comparisons do not.
 */
const entry = /* glsl */ `
uniform sampler2D table;
uniform vec3 direction;
uniform vec3 guessLow;
uniform vec3 guessPerBin;
vec4 entryOf(float value, int row) {
  float along = value * direction[row];
  float guess = (along - guessLow[row]) * guessPerBin[row];
  int bin = clamp(int(clamp(guess, 0.0, 255.0)), 0, 255);
  vec4 entry = texelFetch(table, ivec2(bin, row), 0);
  while (bin < 255 && along >= entry.y) entry = texelFetch(table, ivec2(++bin, row), 0);
  while (bin > 0 && along < entry.x) entry = texelFetch(table, ivec2(--bin, row), 0);
  return entry;
}
`;

export const mapFragment = `${patterns}${values}${entry}
void main() {
  float value = valueOf(0);
  if (isNothing(value)) colour = vec4(noValue(), 1.0);
  else {
    uint rgb = uint(entryOf(value, 0).z);
    colour = vec4(vec3(rgb >> 16, (rgb >> 8) & 255u, rgb & 255u) / 255.0, 1.0);
  }
}
`;

export const rgbFragment = `${patterns}${values}${entry}
void main() {
  vec3 value = vec3(valueOf(0), valueOf(1), valueOf(2));
  if (isNothing(value.r) || isNothing(value.g) || isNothing(value.b)) colour = vec4(noValue(), 1.0);
  else colour = vec4(vec3(entryOf(value.r, 0).z, entryOf(value.g, 1).z, entryOf(value.b, 2).z) / 255.0, 1.0);
}
`;

export const classesFragment = `${patterns}${values}
uniform sampler2D palette;
uniform float classes;
void main() {
  float value = valueOf(0);
  if (isNothing(value)) colour = vec4(noValue(), 1.0);
  else if (value < -0.5 || value >= classes - 0.5) colour = vec4(hatched(), 1.0);
  else {
    int number = int(floor(value + 0.5));
    colour = vec4(texelFetch(palette, ivec2(number & 255, number >> 8), 0).rgb, 1.0);
  }
}
`;
