/** Deletion and insertion: patches of an answer's concepts are greyed out, or given back, and the model is asked again. */
import { mean, stream, type Tensor } from "#base";
import { curveArea, deletionOrder, deletionSteps } from "#evals/metrics";
import type { ImageExplanation } from "#methods/concepts";
import { batchOf, traceVision, type VisionModel } from "#models";
import { type SeenPicture, softmaxRow } from "./embed.ts";

/** The areas under both curves, means over pictures. */
export interface CurveAreas {
  readonly deletion: number;
  readonly insertion: number;
  readonly n: number;
  /** Of deletion, by picture. */
  readonly each: readonly number[];
}

interface Drawn {
  readonly seen: readonly SeenPicture[];
  /** How important each patch of each picture is. */
  readonly importance: readonly ArrayLike<number>[];
  readonly steps: number;
}

/**
 * How much each patch speaks for the picture's answer: its concepts, each as much as it is commoner under that answer than
 * otherwise, times its attention.
 *
 *     s_j = a_j Σ_k φ_jk (θ̄_answer,k − θ̄_k)
 */
export function importanceOf(
  { image, predicted }: SeenPicture,
  { patches, theta }: ImageExplanation,
  means: readonly (readonly number[] | null)[],
): Float64Array {
  const concepts = theta.length;
  const known = means.filter((row) => row !== null);
  const gain = Array.from(
    { length: concepts },
    (_, k) => (means[predicted]?.[k] ?? 0) - mean(known.map((row) => row[k]!)),
  );
  const count = patches!.length / concepts;
  return Float64Array.from({ length: count }, (_, j) => {
    let total = 0;
    for (let k = 0; k < concepts; k++) total += patches![j * concepts + k]! * gain[k]!;
    return total * image.attention[j]!;
  });
}

/** An order by chance, for comparison. */
export const randomImportance = ({ picture }: SeenPicture, patches: number, seed: number): Float64Array => {
  const random = stream(seed, `pace/curves/${picture.name}`);
  return Float64Array.from({ length: patches }, () => random.next());
};

/** Both curves of some pictures. A greyed patch is zero once normalised: a picture's own mean would keep the colour that a class is told by. */
export async function curveAreas(model: VisionModel, { seen, importance, steps }: Drawn): Promise<CurveAreas> {
  const [deletions, insertions]: [number[], number[]] = [[], []];
  for (const [at, one] of seen.entries()) {
    const own = await model.picture(await one.pixels());
    const patches = one.grid[0] * one.grid[1];
    // The class token is no place in the picture.
    const order = deletionOrder(Array.from(importance[at]!).slice(-patches));
    const gone = deletionSteps(order, steps);
    const kept = gone.map((some) => order.filter((patch) => !some.includes(patch)));
    const probabilities = await probabilitiesOf(model, { own, gone: [...gone, ...kept], one });
    deletions.push(curveArea(probabilities.slice(0, gone.length)));
    insertions.push(curveArea(probabilities.slice(gone.length)));
  }
  return { deletion: mean(deletions), insertion: mean(insertions), n: seen.length, each: deletions };
}

async function probabilitiesOf(
  model: VisionModel,
  { own, gone, one }: { own: Tensor<"float32">; gone: readonly (readonly number[])[]; one: SeenPicture },
): Promise<number[]> {
  const pixels = batchOf(
    gone.map((patches) => greyed(own, patches, { across: one.grid[1], edge: model.config.patchSize })),
  );
  const { taps } = await traceVision(model, { pixels, taps: ["logits"] });
  return gone.map((_, row) => softmaxRow(taps.logits!, row)[one.predicted]!);
}

/** A picture with some patches at zero. [3, height, width] */
function greyed(
  { data, shape, dtype }: Tensor<"float32">,
  patches: readonly number[],
  { across, edge: [tall, wide] }: { across: number; edge: readonly [number, number] },
): Tensor<"float32"> {
  const [channels, height, width] = shape as [number, number, number];
  const area = height * width;
  const next = data.slice();
  for (let channel = 0; channel < channels; channel++) {
    for (const patch of patches) {
      const [top, left] = [Math.floor(patch / across) * tall, (patch % across) * wide];
      for (let y = top; y < top + tall; y++)
        next.fill(0, channel * area + y * width + left, channel * area + y * width + left + wide);
    }
  }
  return { dtype, shape, data: next };
}
