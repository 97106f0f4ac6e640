import type { Tensor } from "#base";
import { compile, mapTree, tensorType } from "#engine";
import type { LanguageModel, WeightTensors } from "#models";
import { type AdapterUse, expectFit } from "./adapted-model.ts";

/**
 * A model into whose weights adapters are merged: the same answers, without their cost. The base keeps its own weights,
 * and what no adapter touches is shared.
 *
 *     W ← W + Σ weight · s · A B
 *
 * @throws AssayError ADAPTER_MISMATCH, WEIGHTS_STREAMED when the base is not in memory
 * @example const merged = await mergeAdapters(model, [{ adapter }]);
 */
export async function mergeAdapters(model: LanguageModel, uses: readonly AdapterUse[]): Promise<LanguageModel> {
  const merged = new Map<string, Tensor>();
  const weights = model.weights as WeightTensors & { readonly blocks: readonly object[] };
  const original = new Map<string, Tensor>();
  mapTree(weights, (leaf, path) => original.set(path, leaf as Tensor));
  for (const { adapter, weight = 1 } of uses) {
    expectFit(model, "merged", adapter);
    for (const [path, { down, up }] of Object.entries(adapter.matrices)) {
      const place = `${path}.weight`;
      const scale = weight * adapter.scalings[path]!;
      merged.set(place, await added(merged.get(place) ?? original.get(place)!, { down, up, scale }));
    }
  }
  const all = mapTree(weights, (leaf, path) => merged.get(path) ?? leaf) as WeightTensors;
  return model.withWeights(all);
}

/**
 * Takes adapters out of weights into which they were merged, up to the rounding of both steps. Where the base is still
 * at hand, use it: it never changed.
 *
 * @throws AssayError as mergeAdapters()
 */
export function unmergeAdapters(model: LanguageModel, uses: readonly AdapterUse[]): Promise<LanguageModel> {
  return mergeAdapters(
    model,
    uses.map(({ adapter, weight = 1 }) => ({ adapter, weight: -weight })),
  );
}

const signature = {
  weight: tensorType("float32", ["I", "O"]),
  down: tensorType("float32", ["I", "R"]),
  up: tensorType("float32", ["R", "O"]),
  scale: tensorType("float32", []),
};

interface Update {
  readonly down: Tensor;
  readonly up: Tensor;
  readonly scale: number;
}

async function added(weight: Tensor, { down, up, scale }: Update): Promise<Tensor> {
  const program = await compile(({ weight: w, down: a, up: b, scale: s }) => w.add(a.matmul(b).mul(s)), signature);
  const scalar: Tensor = { dtype: "float32", shape: [], data: Float32Array.of(scale) };
  return (await program.run({ weight, down, up, scale: scalar } as never)) as unknown as Tensor;
}
