/** The window cannot draw images. `message` says what is missing, `remedy` what the person can do. */
export class NoWebGl extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.name = 'NoWebGl';
    this.remedy = remedy;
  }
}

/**
 * The drawing context of a canvas: WebGL 2 with textures of 32-bit floats, whose values reach the shader unchanged.
 * Throws `NoWebGl`.
 */
export function drawingContext(canvas: HTMLCanvasElement): WebGL2RenderingContext {
  // Everything drawn is opaque, flat and in order. The default graphics card does: images are no game.
  const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, stencil: false });
  if (gl === null) {
    throw new NoWebGl(
      'Images cannot be drawn: WebGL 2 is not available here.',
      'Switch on hardware acceleration in the settings of the browser, update the graphics driver, or use a current Chrome, Edge or Firefox.',
    );
  }
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, gl.R32F, 1, 1, 1);
  const isSupported = gl.getError() === gl.NO_ERROR;
  gl.deleteTexture(texture);
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, null);
  if (isSupported || gl.isContextLost()) return gl;
  throw new NoWebGl(
    'Images cannot be drawn: the graphics driver refuses textures of 32-bit numbers.',
    'Update the graphics driver, or use another browser or computer.',
  );
}
