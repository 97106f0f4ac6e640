/** CLIP as a whole model: pictures and texts in, vectors out. */
import { AssayError, type Tensor, tensor } from "#base";
import { compile, type Program, tensorType, type Value, withTaps } from "#engine";
import { type Photo, type PictureSettings, type Pixels, pictureTensor, type Tokenizer } from "#formats";
import type { ClipConfig } from "./clip/config.ts";
import { clip, embedPictures, embedTexts } from "./clip/model.ts";
import type { ClipWeights } from "./clip/weights.ts";
import { ProgramCache } from "./program-cache.ts";
import type { StoredWeight } from "./stored-weight.ts";
import { batchOf, pixelsOf } from "./vision-model.ts";

/** What an encoder of pictures and texts is made of. */
export interface DualEncoderParts {
  readonly name: string;
  readonly folder?: string | undefined;
  readonly config: ClipConfig;
  readonly plan: ClipWeights<StoredWeight>;
  readonly weights: ClipWeights<Tensor>;
  readonly tokenizer?: Tokenizer | undefined;
  readonly pictures: PictureSettings;
  readonly warnings?: readonly string[];
}

/** What is looked at. */
export interface DualTrace {
  /** [N, channels, height, width] */
  readonly pixels: Tensor;
  /** int64 [M, T] */
  readonly ids: Tensor<"int64">;
  readonly taps: readonly string[];
}

type Vectors = Program<unknown, { readonly vectors: Value }>;

/** Pictures or texts of one run. */
const batchSize = 64;

/** An encoder of pictures and texts, ready to embed. */
export class DualEncoder {
  readonly name: string;
  readonly folder: string | undefined;
  readonly config: ClipConfig;
  readonly plan: ClipWeights<StoredWeight>;
  readonly weights: ClipWeights<Tensor>;
  readonly tokenizer: Tokenizer | undefined;
  readonly pictures: PictureSettings;
  readonly warnings: readonly string[];
  readonly #programs = new ProgramCache();

  constructor(parts: DualEncoderParts) {
    this.name = parts.name;
    this.folder = parts.folder;
    this.config = parts.config;
    this.plan = parts.plan;
    this.weights = parts.weights;
    this.tokenizer = parts.tokenizer;
    this.pictures = parts.pictures;
    this.warnings = parts.warnings ?? [];
  }

  /** What cosines are multiplied by before a softmax: exp of the trained scale. */
  get scale(): number {
    return Math.exp(Number(this.weights.scale.data[0]));
  }

  /** Vectors of length one. [N, E] @throws AssayError PICTURE_UNREADABLE */
  async embedPictures(photos: readonly (Photo | Pixels)[]): Promise<Tensor<"float32">> {
    const pictures = await Promise.all(
      photos.map(async (photo) => pictureTensor(await pixelsOf(photo), this.pictures)),
    );
    return this.embedPixels(pictures);
  }

  /** Vectors of length one for pictures as pictureTensor() gives them. [N, E] @throws AssayError SHAPE_MISMATCH */
  async embedPixels(pictures: readonly Tensor[]): Promise<Tensor<"float32">> {
    const { vision, projectionSize } = this.config;
    return inBatches(pictures, projectionSize, async (part) => {
      const pixels = batchOf(part);
      const [, ...shape] = pixels.shape;
      const program = await this.#program(`pictures|${shape.join()}`, () => {
        const signature = { weights: this.plan.vision, x: tensorType("float32", ["N", ...shape]) };
        const build = ({ weights, x }: { weights: ClipWeights["vision"]; x: Value }) => ({
          vectors: embedPictures(x, weights, vision),
        });
        return compile(build as never, signature);
      });
      return (await program.run({ weights: this.weights.vision, x: pixels })).vectors;
    });
  }

  /** Vectors of length one. [M, E] @throws AssayError CONTEXT_TOO_LONG */
  async embedTexts(texts: readonly string[]): Promise<Tensor<"float32">> {
    const { text, projectionSize } = this.config;
    return inBatches(texts, projectionSize, async (part) => {
      const ids = idsOf(this, part);
      const program = await this.#program("texts", () => {
        const signature = { weights: this.plan.text, x: tensorType("int64", ["M", "T"]) };
        const build = ({ weights, x }: { weights: ClipWeights["text"]; x: Value }) => ({
          vectors: embedTexts(x, weights, text),
        });
        return compile(build as never, signature);
      });
      return (await program.run({ weights: this.weights.text, x: ids })).vectors;
    });
  }

  /** The tokenizer. @throws AssayError TOKENIZER_MISSING */
  requireTokenizer(): Tokenizer {
    if (this.tokenizer !== undefined) return this.tokenizer;
    throw new AssayError("TOKENIZER_MISSING", `${this.name}: Expected a tokenizer beside the weights, found none`);
  }

  /**
   * Activations by name: `vision.blocks.3.attention.pattern`, `text.vector`, `logits` … Shapes   ids int64 [M, T]
   *
   * @throws AssayError TAP_UNKNOWN with the nearest names
   */
  async trace({ pixels, ids, taps: read }: DualTrace): Promise<Readonly<Record<string, Tensor>>> {
    const [, ...shape] = pixels.shape;
    const program = await this.#program(`trace|${shape.join()}|${read.join()}`, () => {
      const inputs = { pixels: tensorType("float32", ["N", ...shape]), inputIds: tensorType("int64", ["M", "T"]) };
      const build = ({ weights, ...seen }: { weights: ClipWeights; pixels: Value; inputIds: Value }) =>
        withTaps({ read }, () => clip(seen, weights, this)).taps;
      return compile(build as never, { weights: this.plan, ...inputs });
    });
    return (await program.run({ weights: this.weights, pixels, inputIds: ids } as never)) as never;
  }

  #program(key: string, make: () => Promise<unknown>): Promise<Vectors> {
    return this.#programs.get(key, make as () => Promise<Vectors>);
  }
}

async function inBatches<Item>(
  items: readonly Item[],
  size: number,
  embed: (part: readonly Item[]) => Promise<Tensor>,
): Promise<Tensor<"float32">> {
  const data = new Float32Array(items.length * size);
  for (let from = 0; from < items.length; from += batchSize) {
    const vectors = await embed(items.slice(from, from + batchSize));
    data.set(vectors.data as Float32Array, from * size);
  }
  return { dtype: "float32", shape: [items.length, size], data };
}

/** Texts of one batch, filled up behind their ends, where nothing looks. int64 [M, T] */
export function idsOf(model: DualEncoder, texts: readonly string[]): Tensor<"int64"> {
  const { name, config } = model;
  const tokenizer = model.requireTokenizer();
  const { endId, contextLength } = config.text;
  const end = endId ?? tokenizer.specials.end ?? 0;
  const rows = texts.map((text) => {
    const ids = tokenizer.encode(text);
    return ids.includes(end) ? ids : [...ids, end];
  });
  const longest = Math.max(1, ...rows.map(({ length }) => length));
  if (longest > contextLength) {
    const claim = `Expected texts of at most ${contextLength} tokens, got ${longest}; shorten the text`;
    throw new AssayError("CONTEXT_TOO_LONG", `${name}: ${claim}`);
  }
  const filled = rows.flatMap((row) => [...row, ...new Array<number>(longest - row.length).fill(end)]);
  return tensor([texts.length, longest], filled, "int64");
}
