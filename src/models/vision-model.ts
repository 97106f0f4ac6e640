import { AssayError, type Tensor } from "#base";
import { compile, type Program, tensorType, type Value, withTaps } from "#engine";
import { type Photo, type PictureSettings, type Pixels, pictureTensor, readPhoto } from "#formats";
import { type Extent, gridOf } from "./patches.ts";
import { ProgramCache } from "./program-cache.ts";
import type { StoredWeight } from "./stored-weight.ts";
import type { VisionConfig, VisionFamily, VisionWeights } from "./vision-family.ts";

/** What an image classifier is made of. */
export interface VisionModelParts {
  /** As the user named it. */
  readonly name: string;
  /** Where its files lie; undefined for one that was made in memory. */
  readonly folder?: string | undefined;
  readonly family: VisionFamily;
  readonly config: VisionConfig;
  readonly plan: VisionWeights<StoredWeight>;
  readonly weights: VisionWeights<Tensor>;
  /** What a picture goes through before the model sees it. */
  readonly pictures: PictureSettings;
  /** What a person should know about its files: unknown keys, spare tensors. */
  readonly warnings?: readonly string[];
}

/** A vision transformer that is ready to classify and be looked into. */
export class VisionModel {
  readonly name: string;
  readonly folder: string | undefined;
  readonly family: VisionFamily;
  readonly config: VisionConfig;
  readonly plan: VisionWeights<StoredWeight>;
  readonly weights: VisionWeights<Tensor>;
  readonly pictures: PictureSettings;
  readonly warnings: readonly string[];
  readonly #programs = new ProgramCache();

  constructor(parts: VisionModelParts) {
    this.name = parts.name;
    this.folder = parts.folder;
    this.family = parts.family;
    this.config = parts.config;
    this.plan = parts.plan;
    this.weights = parts.weights;
    this.pictures = parts.pictures;
    this.warnings = parts.warnings ?? [];
  }

  /** Tokens before those of the patches: the class token, and a distillation token in DeiT. */
  get specialTokens(): number {
    return this.config.hasDistillationToken ? 2 : 1;
  }

  /** How many patches a picture of this size is cut into, downwards and across. */
  gridOf(pixels: Extent): Extent {
    return gridOf(pixels, this.config.patchSize);
  }

  /** The class names. @throws AssayError CLASSIFIER_MISSING of a model that was pretrained and never taught classes */
  requireLabels(): readonly string[] {
    if (this.weights.head !== undefined) return this.config.labels;
    const claim = "Expected a classifier, found none in the checkpoint";
    throw new AssayError("CLASSIFIER_MISSING", `${this.name}: ${claim}; fine-tune one, or look at its tokens alone`);
  }

  /** The program for a key, compiled when it is first asked for. */
  program<Inputs, Outputs>(
    key: string,
    make: () => Promise<Program<Inputs, Outputs>>,
  ): Promise<Program<Inputs, Outputs>> {
    return this.#programs.get(key, make);
  }

  /** A picture as the model sees it. [channels, height, width] @throws AssayError PICTURE_UNREADABLE, PICTURE_TOO_SMALL */
  async picture(photo: Photo | Pixels, name?: string): Promise<Tensor<"float32">> {
    const pixels = await pixelsOf(photo, name);
    return expectPatches(this, pictureTensor(pixels, this.pictures), name);
  }
}

/** White shows through what is transparent, as transformers 5 has it. */
export async function pixelsOf(photo: Photo | Pixels, name?: string): Promise<Pixels> {
  if (typeof photo === "object" && "width" in photo) return photo;
  return readPhoto(photo, { background: "#ffffff", ...(name === undefined ? {} : { name }) });
}

function expectPatches(model: VisionModel, picture: Tensor<"float32">, name?: string): Tensor<"float32"> {
  const [, height, width] = picture.shape as [number, number, number];
  const [rows, columns] = model.gridOf([height, width]);
  if (rows > 0 && columns > 0) return picture;
  const [least, wide] = model.config.patchSize;
  const claim = `Expected at least one patch of ${least} × ${wide} pixels, got ${height} × ${width}`;
  throw new AssayError("PICTURE_TOO_SMALL", `${model.name}: ${claim}${name === undefined ? "" : ` in ${name}`}`);
}

/** Pictures of one size as one batch. [N, channels, height, width] @throws AssayError SHAPE_MISMATCH */
export function batchOf(pictures: readonly Tensor[]): Tensor<"float32"> {
  const [first] = pictures;
  if (first === undefined) throw new AssayError("SHAPE_MISMATCH", "pictures: Expected at least one, got none");
  const other = pictures.find(({ shape }) => shape.join() !== first.shape.join());
  if (other !== undefined) {
    const got = `${first.shape.join(" × ")} and ${other.shape.join(" × ")}`;
    throw new AssayError("SHAPE_MISMATCH", `pictures: Expected one size in a batch, got ${got}; run them one by one`);
  }
  const data = new Float32Array(pictures.length * first.data.length);
  for (const [at, picture] of pictures.entries()) data.set(picture.data as Float32Array, at * first.data.length);
  return { dtype: "float32", shape: [pictures.length, ...first.shape], data };
}

/** Activations by name, and what the figure returned: logits, or tokens where there is no classifier. */
export interface VisionTrace {
  readonly taps: Readonly<Record<string, Tensor>>;
}

/**
 * Runs a model over pixels and hands out activations by name.
 *
 * Shapes   pixels [N, channels, height, width]
 *
 * @throws AssayError TAP_UNKNOWN with the nearest names, SHAPE_MISMATCH, PIXELS_NOT_FINITE
 * @example const { taps } = await traceVision(model, { pixels, taps: ["blocks.3.attention.pattern", "logits"] });
 */
export async function traceVision(
  model: VisionModel,
  { pixels, taps: read }: { readonly pixels: Tensor; readonly taps: readonly string[] },
): Promise<VisionTrace> {
  expectPixels(model, pixels);
  const [, ...shape] = pixels.shape as readonly number[];
  const program = await model.program(`trace|${shape.join()}|${read.join()}`, () => {
    const signature = { weights: model.plan, pixels: tensorType("float32", ["N", ...shape]) };
    const build = (values: { weights: VisionWeights; pixels: Value }) =>
      withTaps({ read }, () => model.family.logits(values.pixels, values.weights, model)).taps;
    return compile(build as never, signature);
  });
  return { taps: (await program.run({ weights: model.weights, pixels } as never)) as never };
}

/** Checks a batch of pixels before anything is computed. @throws AssayError SHAPE_MISMATCH, PIXELS_NOT_FINITE */
export function expectPixels({ name, config }: VisionModel, pixels: Tensor): void {
  const [count, channels, height, width] = pixels.shape as readonly number[];
  const [rows, columns] = gridOf([height ?? 0, width ?? 0], config.patchSize);
  if (pixels.shape.length !== 4 || count === 0 || channels !== config.channels || rows * columns === 0) {
    const size = `with a picture and a patch of ${config.patchSize.join(" × ")} at least`;
    const expected = `[N, ${config.channels}, height, width] ${size}`;
    const got = `[${pixels.shape.join(", ")}]`;
    throw new AssayError("SHAPE_MISMATCH", `${name}: Expected pixels ${expected}, got ${got}`);
  }
  const at = (pixels.data as Float32Array).findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new AssayError("PIXELS_NOT_FINITE", `${name}: Expected finite pixels, got ${pixels.data[at]} at ${at}`);
}
