/** What every explainer reads: patch embeddings, attention and the model's answer, an image at a time. */
import { AssayError } from "#base";

/** One image as a vision transformer saw it. J patches · D width */
export interface EmbeddedImage {
  readonly id: string;
  /** [J, D], row-major. */
  readonly embeddings: Float32Array | Float64Array;
  /** [J], how much of the class token's attention each patch got; brought to a sum of one when read. */
  readonly attention: Float32Array | Float64Array;
  /** The class that the model predicted. */
  readonly label?: number;
  /** The model's probability of each class. */
  readonly probabilities?: Float32Array | Float64Array;
  /** The same image perturbed, with attention of its own. */
  readonly perturbed?: Omit<EmbeddedImage, "perturbed">;
}

/** Embedded images that can be read as often as wanted, always in the same order. */
export interface EmbeddingSource {
  /** For messages. */
  readonly name: string;
  /** D */
  readonly width: number;
  /** How many classes the model tells apart; 0 when it predicts nothing. */
  readonly classes: number;
  /** How many images it gives. */
  readonly count: number;
  /** Hash of the model, layer and preprocessing that made the embeddings: explanations fit no others. */
  readonly model: string;
  images(): Iterable<EmbeddedImage> | AsyncIterable<EmbeddedImage>;
}

/** How many patches an image has. @throws AssayError EMBEDDINGS_INVALID, EMBEDDINGS_NOT_FINITE, ATTENTION_INVALID, LABEL_INVALID */
export function patchesOf(
  image: Omit<EmbeddedImage, "perturbed">,
  { width, classes }: Pick<EmbeddingSource, "width" | "classes">,
): number {
  const { id, embeddings, attention, label } = image;
  const patches = embeddings.length / width;
  if (!Number.isInteger(patches) || patches === 0) {
    const got = `${embeddings.length} numbers`;
    throw new AssayError("EMBEDDINGS_INVALID", `concepts: Expected rows of ${width} for image ${id}, got ${got}`);
  }
  const bad = firstNotFinite(embeddings);
  if (bad >= 0) {
    const place = `patch ${Math.floor(bad / width)}, dimension ${bad % width}`;
    const claim = `Expected finite embeddings for image ${id}, got ${embeddings[bad]} at ${place}`;
    throw new AssayError("EMBEDDINGS_NOT_FINITE", `concepts: ${claim}; drop the image or embed it anew`);
  }
  expectAttention(id, attention, patches);
  if (label !== undefined && !(Number.isInteger(label) && label >= 0 && label < classes)) {
    throw new AssayError(
      "LABEL_INVALID",
      `concepts: Expected a class from 0 to ${classes - 1} for image ${id}, got ${label}`,
    );
  }
  return patches;
}

function firstNotFinite(values: ArrayLike<number>): number {
  for (let at = 0; at < values.length; at++) if (!Number.isFinite(values[at])) return at;
  return -1;
}

function expectAttention(id: string, attention: ArrayLike<number> | undefined, patches: number): void {
  const expected = `Expected ${patches} attention weights, none negative and one above zero, for image ${id}`;
  const wayOut = "a model without attention outputs is read with uniform attention";
  let total = 0;
  for (let at = 0; at < (attention?.length ?? 0); at++) total += attention![at]! >= 0 ? attention![at]! : Number.NaN;
  if (attention?.length === patches && total > 0 && total < Number.POSITIVE_INFINITY) return;
  const got = attention === undefined ? "none" : attention.length === patches ? `a sum of ${total}` : attention.length;
  throw new AssayError("ATTENTION_INVALID", `concepts: ${expected}, got ${got}; ${wayOut}`);
}

/** A source over images in memory. */
export function sourceOfImages(
  images: readonly EmbeddedImage[],
  about: Pick<EmbeddingSource, "name" | "width" | "classes" | "model">,
): EmbeddingSource {
  return { ...about, count: images.length, images: () => images };
}

/** The images of a source that a test on their place picks. */
export function sourcePart(source: EmbeddingSource, places: readonly number[], name: string): EmbeddingSource {
  const chosen = new Set(places);
  async function* images() {
    let at = 0;
    for await (const image of source.images()) if (chosen.has(at++)) yield image;
  }
  return { ...source, name: `${source.name} ${name}`, count: chosen.size, images };
}
