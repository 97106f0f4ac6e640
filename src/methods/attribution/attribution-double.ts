/** A classifier so small that every attribution can be computed by hand. */
import { type Tensor, tensor } from "#base";
import { range, tap, type Value } from "#engine";
import { type VisionConfig, VisionModel } from "#models";

/** What a class's logit is made of. */
export type Figure = (patches: Value) => Value;

/**
 * A model of pictures of 1 × P pixels, whose embedding is a class token of zeros and each pixel's channels, and whose logits
 * are what `figure` makes of the patches [N, P, 3].
 */
export function plainModel(patches: number, classes: number, figure: Figure): VisionModel {
  const config: VisionConfig = {
    imageSize: [1, patches],
    patchSize: [1, 1],
    channels: 3,
    hiddenSize: 3,
    layers: 1,
    heads: 1,
    hasDistillationToken: false,
    labels: Array.from({ length: classes }, (_, at) => `class ${at}`),
  };
  const weight = { dtype: "float32", shape: [1], name: "none", isTransposed: false } as const;
  const logits = (pixels: Value, weights: { head: { scale: Value } }) => {
    const rows = pixels.reshape([-1, 3, patches]).swapAxes(1, 2); // [N, P, 3]
    const zero = rows.sum({ axes: [1], keepDims: true }).mul(0);
    const embedding = tap("embedding", concatRows(zero, rows));
    return figure(withoutFirst(embedding)).mul(weights.head.scale);
  };
  return new VisionModel({
    name: "plain",
    family: { name: "plain", modelTypes: [], sizes: {}, tiny: config, logits } as never,
    config,
    plan: { embedding: {}, blocks: [], head: { scale: weight } },
    weights: { embedding: {}, blocks: [], head: { scale: tensor([1], [1]) } },
    pictures: { resize: null, crop: null, rescale: null, normalize: null },
  });
}

const concatRows = (first: Value, rest: Value): Value => {
  const length = Number(rest.shape[1]);
  const moved = range(length + 1)
    .reshape([length + 1, 1])
    .equal(range(length).add(1).reshape([1, length]))
    .cast("float32");
  return moved.matmul(rest).add(first.mul(0));
};

const withoutFirst = (x: Value): Value => {
  const length = Number(x.shape[1]) - 1;
  const kept = range(length)
    .add(1)
    .reshape([length, 1])
    .equal(range(length + 1).reshape([1, length + 1]))
    .cast("float32");
  return kept.matmul(x);
};

/** A picture from its pixels' channels. [3, 1, P] */
export function pictureOf(rows: readonly (readonly [number, number, number])[]): Tensor<"float32"> {
  return tensor(
    [3, 1, rows.length],
    [0, 1, 2].flatMap((channel) => rows.map((row) => row[channel]!)),
  );
}
