/**
 * What a scout learns by: pictures and captions find each other in a batch, and both know what the scene is made of.
 *
 * Axes     B scenes · E length of a vector · A attributes
 * Source   Radford et al. 2021 (arXiv:2103.00020), figure 3, for the first part
 *
 * Deviation: CLIP learns from pairs alone. The heads that name a scene's attributes are thrown away after training.
 */
import type { Tensor } from "#base";
import { sceneAttributeSizes } from "#corpora";
import { crossEntropy, range, slice, split, type Value } from "#engine";
import { type ClipConfig, type ClipWeights, embedPictures, embedTexts } from "#models/clip";

/** CLIP's weights, and those of the heads. */
export interface ScoutWeights<Leaf = Value> {
  readonly clip: ClipWeights<Leaf>;
  /** [E, Σ sizes of attributes] */
  readonly heads: Leaf;
}

/** A batch as values. */
export interface SceneValues {
  readonly pixels: Value;
  readonly inputIds: Value;
  readonly attributes: Value;
}

/** The largest scale of similarities, as in CLIP. */
const largestScale = Math.log(100);
/** What unit vectors are multiplied by before a head reads them. */
const headScale = 16;

/**
 *     L = ½ (CE(s V Uᵀ) + CE(s U Vᵀ)) + w · mean over attributes of CE(head V) + CE(head U)
 *
 * with unit vectors V of pictures and U of captions.
 */
export function scoutLoss(
  batch: SceneValues,
  { clip, heads }: ScoutWeights,
  { config, headWeight }: { readonly config: ClipConfig; readonly headWeight: number },
): Value {
  const pictures = embedPictures(batch.pixels, clip.vision, config.vision); // [B, E]
  const texts = embedTexts(batch.inputIds, clip.text, config.text);
  const similarities = pictures.matmul(texts.swapAxes(0, 1)).mul(clip.scale.minimum(largestScale).exp());
  const own = range(batch.pixels.shape[0]!);
  const pairs = crossEntropy(similarities, own)
    .add(crossEntropy(similarities.swapAxes(0, 1), own))
    .mul(0.5);
  const named = [pictures, texts].map((vectors) => attributeLoss(vectors, heads, batch.attributes));
  return pairs.add(named[0]!.add(named[1]!).mul(headWeight));
}

function attributeLoss(vectors: Value, heads: Value, attributes: Value): Value {
  const logits = split(vectors.mul(headScale).matmul(heads), { axis: -1, lengths: [...sceneAttributeSizes] });
  const losses = logits.map((part, at) =>
    crossEntropy(part, slice(attributes, { axis: 0, start: at, end: at + 1 }).squeeze(0)),
  );
  return losses.reduce((sum, loss) => sum.add(loss)).div(losses.length);
}

/** The heads before training: nothing is likelier than anything else. */
export function startHeads(size: number): Tensor<"float32"> {
  const width = sceneAttributeSizes.reduce((sum, one) => sum + one, 0);
  return { dtype: "float32", shape: [size, width], data: new Float32Array(size * width) };
}
