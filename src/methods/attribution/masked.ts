/**
 * A model's word on a picture of which only parts are shown.
 *
 * Axes     N maskings · T tokens · C hidden size · F features: patches, or dimensions · K classes
 */
import { AssayError, type Tensor } from "#base";
import { broadcastTo, compile, tensorType, type Value, withTaps } from "#engine";
import type { VisionModel, VisionWeights } from "#models";
import { embeddingTap, type Prepared } from "./attribution.ts";

/** What is hidden together: a patch, or one dimension of the embedding in all patches. */
export type MaskedFeatures = "patches" | "dimensions";

/** How many features there are. */
export const featureCount = (model: VisionModel, { embedding }: Pick<Prepared, "embedding">, over: MaskedFeatures) =>
  over === "dimensions" ? model.config.hiddenSize : embedding.shape[1]! - model.specialTokens;

/** Maskings of one run. */
const batchSize = 64;

/**
 * Logits where some features are as in a picture without content: x' + m ⊙ (x − x'). A hidden patch is exactly one whose
 * pixels are the mean colour, since a patch is embedded by itself.
 *
 * Shapes   masks rows of F zeros and ones, 1 shown → [N, K]
 *
 * @throws AssayError SHAPE_MISMATCH
 */
export async function maskedLogits(
  model: VisionModel,
  ready: Pick<Prepared, "pixels" | "embedding" | "baseline">,
  { masks, over }: { readonly masks: readonly ArrayLike<number>[]; readonly over: MaskedFeatures },
): Promise<Float32Array[]> {
  const features = featureCount(model, ready, over);
  const wrong = masks.find(({ length }) => length !== features);
  if (wrong !== undefined) {
    throw new AssayError("SHAPE_MISMATCH", `masks: Expected ${features} ${over} in each, got ${wrong.length}`);
  }
  const program = await model.program(`masked|${over}|${ready.embedding.shape.join()}`, () =>
    compileMasked(model, ready, over),
  );
  const { pixels, embedding, baseline } = ready;
  const found: Float32Array[] = [];
  for (let from = 0; from < masks.length; from += batchSize) {
    const part = masks.slice(from, from + batchSize);
    const mask = maskTensor(model, part, over);
    const given = { weights: model.weights, pixels, embedding, baseline, mask };
    const { logits } = (await program.run(given as never)) as unknown as { logits: Tensor };
    const width = logits.shape[1]!;
    found.push(...part.map((_, row) => (logits.data as Float32Array).slice(row * width, (row + 1) * width)));
  }
  return found;
}

/** Special tokens are always shown. */
function maskTensor({ specialTokens }: VisionModel, masks: readonly ArrayLike<number>[], over: MaskedFeatures): Tensor {
  const before = over === "patches" ? specialTokens : 0;
  const width = masks[0]!.length + before;
  const data = new Float32Array(masks.length * width).fill(1);
  for (const [row, mask] of masks.entries()) data.set(Array.from(mask), row * width + before);
  const shape = over === "patches" ? [masks.length, width, 1] : [masks.length, 1, width];
  return { dtype: "float32", shape, data };
}

interface MaskedValues {
  readonly weights: VisionWeights;
  readonly pixels: Value;
  readonly embedding: Value;
  readonly baseline: Value;
  readonly mask: Value;
}

function compileMasked(
  model: VisionModel,
  { pixels, embedding }: Pick<Prepared, "pixels" | "embedding">,
  over: MaskedFeatures,
) {
  const [, tokens, width] = embedding.shape as [number, number, number];
  const one = tensorType("float32", [1, tokens, width]);
  const signature = {
    weights: model.plan,
    pixels: tensorType("float32", pixels.shape),
    embedding: one,
    baseline: one,
    mask: tensorType("float32", over === "patches" ? ["N", tokens, 1] : ["N", 1, width]),
  };
  const build = ({ weights, pixels: seen, embedding: own, baseline, mask }: MaskedValues) => {
    const mixed = baseline.add(mask.mul(own.sub(baseline))); // [N, T, C]
    const batch = broadcastTo(seen, [mask.shape[0]!, ...seen.shape.slice(1)]);
    const figure = () => model.family.logits(batch, weights, model);
    return { logits: withTaps({ edit: { [embeddingTap]: () => mixed } }, figure).result };
  };
  return compile(build as never, signature);
}
