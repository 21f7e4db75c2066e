import {
  BufferAttribute,
  BufferGeometry,
  Color,
  ColorManagement,
  DataArrayTexture,
  DoubleSide,
  FloatType,
  GLSL3,
  LinearSRGBColorSpace,
  Mesh,
  NearestFilter,
  OrthographicCamera,
  RawShaderMaterial,
  RedFormat,
  Scene,
  Vector2,
  Vector3,
  Vector4,
  WebGLRenderer,
  type IUniform,
} from 'three';
import type { Colouring } from './imageSource.ts';
import type { LayerTiles } from './layerTiles.ts';
import { createLook, type Look } from './look.ts';
import { drawingContext } from './noWebGl.ts';
import {
  noValueFragment,
  classesFragment,
  hatchedFragment,
  mapFragment,
  quadVertex,
  rgbFragment,
} from './shaders.ts';
import type { DrawnPart } from './tileChoice.ts';
import type { TilePixels } from './tilePixels.ts';
import type { Rgb, ViewTokens } from './tokens.ts';

/** A tile that can be drawn. */
export interface GlTile {
  texture: DataArrayTexture;
  bytes: number;
  uniforms: Record<string, IUniform<unknown>>;
}

/** One frame: the image's part of the screen, and its layers from below to above. */
export interface Frame {
  image: DrawnPart | null;
  layers: { colouring: Colouring; tiles: LayerTiles<GlTile> }[];
}

const fragments = {
  map: mapFragment,
  rgb: rgbFragment,
  classes: classesFragment,
  noValue: noValueFragment,
  hatched: hatchedFragment,
};
type Paint = keyof typeof fragments;

interface Quad {
  mesh: Mesh<BufferGeometry, RawShaderMaterial>;
  materials: Partial<Record<Paint, RawShaderMaterial>>;
}

/** Width of a pair of stripes in CSS pixels. */
const patternSize = 8;

/**
 * Draws tiles with three.js. Bytes of colour tables arrive on the screen as they are: three's colour management is off,
 * nothing is blended, filtered or smoothed.
 */
export class TileCanvas {
  readonly #canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new OrthographicCamera(0, 1, 0, 1, -1, 1);
  readonly #corner = unitSquare();
  readonly #quads: Quad[] = [];
  readonly #looks = new Map<Colouring, Look>();
  readonly #shared: Record<string, IUniform<unknown>> = {
    patternSize: { value: patternSize },
    ground: { value: new Vector3() },
    check: { value: new Vector3() },
    stripe: { value: new Vector3() },
  };
  #used = 0;

  /** Throws `NoWebGl`. */
  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    const context = drawingContext(canvas);
    ColorManagement.enabled = false;
    this.#renderer = new WebGLRenderer({ canvas, context, antialias: false, depth: false, stencil: false });
    this.#renderer.outputColorSpace = LinearSRGBColorSpace;
    this.#renderer.setPixelRatio(1);
    this.#renderer.sortObjects = false;
    this.#scene.matrixAutoUpdate = false;
  }

  get element(): HTMLCanvasElement {
    return this.#canvas;
  }

  /** A tile for drawing. Its numbers go to the graphics card when it is drawn first and are then kept there alone. */
  createTile({ data, planes, lines, samples }: TilePixels): GlTile {
    const texture = new DataArrayTexture(data, samples, lines, planes);
    texture.format = RedFormat;
    texture.type = FloatType;
    texture.magFilter = texture.minFilter = NearestFilter;
    texture.generateMipmaps = false;
    texture.unpackAlignment = 4;
    texture.onUpdate = () => {
      (texture.image as { data: Float32Array | null }).data = null;
    };
    texture.needsUpdate = true;
    const lastTexel = new Vector2(samples - 1, lines - 1);
    return {
      texture,
      bytes: data.byteLength,
      uniforms: { tile: { value: texture }, lastTexel: { value: lastTexel } },
    };
  }

  /** Sets the size in device pixels and the device pixels per CSS pixel. */
  resize(width: number, height: number, ratio: number): void {
    this.#renderer.setSize(width, height, false);
    this.#camera.right = width;
    this.#camera.bottom = height;
    this.#camera.updateProjectionMatrix();
    (this.#shared['patternSize'] as IUniform<unknown>).value = Math.max(2, Math.round(patternSize * ratio));
  }

  setTokens(tokens: ViewTokens): void {
    this.#renderer.setClearColor(new Color(...parts(tokens.surround)), 1);
    for (const [name, colour] of [
      ['ground', tokens.ground],
      ['check', tokens.check],
      ['stripe', tokens.stripe],
    ] as const) {
      (this.#shared[name]?.value as Vector3).set(...parts(colour));
    }
  }

  /** Draws at once. */
  draw({ image, layers }: Frame): void {
    this.#used = 0;
    const used = new Set(layers.map(({ colouring }) => colouring));
    if (image !== null) this.#place('noValue', image, {});
    for (const { colouring, tiles } of layers) {
      const look = this.#look(colouring);
      for (const { tile, part } of tiles.tiles) {
        this.#place(look.kind, part, { ...look.uniforms, ...tile.uniforms });
      }
      for (const part of tiles.failed) this.#place('hatched', part, {});
    }
    this.#quads.forEach(({ mesh }, index) => {
      mesh.visible = index < this.#used;
    });
    this.#renderer.render(this.#scene, this.#camera);
    for (const [colouring, look] of this.#looks) {
      if (used.has(colouring)) continue;
      look.dispose();
      this.#looks.delete(colouring);
    }
  }

  /** Drops everything on the graphics card; the next frame brings it there again. */
  forget(): void {
    for (const look of this.#looks.values()) look.dispose();
    this.#looks.clear();
    for (const { materials } of this.#quads) {
      for (const material of Object.values(materials)) material.dispose();
    }
    this.#corner.dispose();
  }

  /** Frees the graphics card: a page has only a few drawing contexts. */
  dispose(): void {
    this.forget();
    const loses = this.#renderer.getContext().getExtension('WEBGL_lose_context');
    this.#renderer.dispose();
    loses?.loseContext();
    this.#canvas.remove();
  }

  #look(colouring: Colouring): Look {
    const known = this.#looks.get(colouring);
    if (known !== undefined) return known;
    const look = createLook(colouring);
    this.#looks.set(colouring, look);
    return look;
  }

  /** Puts the next quad above those placed before. */
  #place(paint: Paint, part: DrawnPart, uniforms: Record<string, IUniform<unknown>>): void {
    const quad = this.#quads[this.#used] ?? this.#addQuad();
    this.#used++;
    const material = (quad.materials[paint] ??= this.#material(paint));
    quad.mesh.material = material;
    for (const [name, { value }] of Object.entries(uniforms)) {
      const known = material.uniforms[name];
      if (known === undefined) material.uniforms[name] = { value };
      else known.value = value;
    }
    (material.uniforms['corners']?.value as Vector4).set(part.x0, part.y0, part.x1, part.y1);
    (material.uniforms['texels']?.value as Vector4).set(part.u0, part.v0, part.u1, part.v1);
    material.uniformsNeedUpdate = true;
  }

  #addQuad(): Quad {
    const mesh = new Mesh(this.#corner, this.#material('noValue'));
    mesh.frustumCulled = false;
    mesh.matrixAutoUpdate = false;
    this.#scene.add(mesh);
    const quad: Quad = { mesh, materials: { noValue: mesh.material } };
    this.#quads.push(quad);
    return quad;
  }

  #material(paint: Paint): RawShaderMaterial {
    return new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: quadVertex,
      fragmentShader: fragments[paint],
      // The colours of patterns are one object for all materials; place and texels are each quad's own.
      uniforms: { ...this.#shared, corners: { value: new Vector4() }, texels: { value: new Vector4() } },
      side: DoubleSide,
      depthTest: false,
      depthWrite: false,
      transparent: false,
      toneMapped: false,
    });
  }
}

function unitSquare(): BufferGeometry {
  const geometry = new BufferGeometry();
  const places = new Float32Array([0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
  geometry.setAttribute('position', new BufferAttribute(places, 3));
  geometry.setIndex([0, 1, 2, 0, 2, 3]);
  return geometry;
}

const parts = ([red, green, blue]: Rgb): [number, number, number] => [red / 255, green / 255, blue / 255];
