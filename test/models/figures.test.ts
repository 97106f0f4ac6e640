/** The figures as functions: what training and methods call. */
import { expect, test } from "vitest";
import { stream, type Tensor, tensor } from "#base";
import { compile, crossEntropy, leavesOf, listTaps, mapTree, tensorType, type Value, valueAndGrad } from "#engine";
import {
  blockTap,
  type DecoderWeights,
  LanguageModel,
  sourceOf,
  trace,
  type WeightPlan,
  type WeightTensors,
} from "#models";
import { gpt2, gpt2Family, gpt2Tiny, gpt2Weights } from "#models/gpt2";
import { llama, llamaFamily, llamaTiny, llamaWeights } from "#models/llama";
import { neox, neoxFamily, neoxTiny, neoxWeights } from "#models/neox";
import { olmo, olmoFamily, olmoTiny, olmoWeights } from "#models/olmo";

const names = { has: () => false };
type Figure = (inputIds: Value, weights: DecoderWeights) => Value;

const figures = [
  [
    "gpt2",
    ((ids, weights) => gpt2(ids, weights as never, { config: gpt2Tiny })) as Figure,
    gpt2Weights(gpt2Tiny, names),
  ],
  [
    "llama",
    ((ids, weights) => llama(ids, weights as never, { config: llamaTiny })) as Figure,
    llamaWeights(llamaTiny, names),
  ],
  [
    "neox",
    ((ids, weights) => neox(ids, weights as never, { config: neoxTiny })) as Figure,
    neoxWeights(neoxTiny, names),
  ],
  [
    "olmo",
    ((ids, weights) => olmo(ids, weights as never, { config: olmoTiny })) as Figure,
    olmoWeights(olmoTiny, names),
  ],
] as const satisfies readonly (readonly [string, Figure, WeightPlan])[];

/** Weights drawn for a plan. */
function drawn(plan: WeightPlan, seed = 0): WeightTensors {
  const random = stream(seed, "weights");
  return mapTree(plan, ({ shape }) => {
    const sizes = shape as number[];
    const count = sizes.reduce((a, b) => a * b, 1);
    const scale = sizes.length === 2 ? 1 / Math.sqrt(sizes[0]!) : 0.3;
    const offset = sizes.length === 2 ? 0 : 1;
    return tensor(
      sizes,
      Array.from({ length: count }, () => offset + scale * random.normal()),
    );
  }) as WeightTensors;
}

const inputIds = tensor([2, 5], [1, 7, 30, 2, 9, 5, 5, 60, 3, 4], "int64");
const targets = tensor([2, 5], [7, 30, 2, 9, 1, 5, 60, 3, 4, 8], "int64");

test.each(figures)("%s() can be differentiated by all of its weights", async (_, figure, plan) => {
  const signature = {
    weights: plan,
    inputIds: tensorType("int64", ["B", "T"]),
    targets: tensorType("int64", ["B", "T"]),
  };
  const loss = (values: { weights: DecoderWeights; inputIds: Value; targets: Value }) =>
    crossEntropy(figure(values.inputIds, values.weights), values.targets);
  const program = await compile(valueAndGrad(loss, { wrt: "weights" }) as never, signature);
  const weights = drawn(plan);
  const direction = leavesOf<Tensor>(drawn(plan, 1));
  const at = async (step: number) => {
    const leaves = leavesOf<Tensor>(weights);
    const moved = mapTree(weights, (_leaf, path) => {
      const [from, along] = [leaves.get(path)!, direction.get(path)!];
      return tensor(
        from.shape,
        (from.data as Float32Array).map((value, i) => value + step * Number(along.data[i])),
      );
    });
    return (await program.run({ weights: moved, inputIds, targets } as never)) as { value: Tensor; gradient: object };
  };

  const { gradient } = await at(0);
  const [more, less] = [await at(2e-3), await at(-2e-3)];

  const slope = [...leavesOf<Tensor>(gradient)].reduce(
    (sum, [path, { data }]) =>
      sum + (data as Float32Array).reduce((dot, value, i) => dot + value * Number(direction.get(path)!.data[i]), 0),
    0,
  );
  const expected = (Number(more.value.data[0]) - Number(less.value.data[0])) / 4e-3;
  expect(leavesOf(gradient).size).toBe(leavesOf(plan).size);
  expect(Math.abs(slope - expected)).toBeLessThan(0.02 * Math.max(1, Math.abs(expected)));
});

test.each([gpt2Family, llamaFamily, neoxFamily, olmoFamily])(
  "a $name can be made in memory and traced",
  async (family) => {
    const plan = family.weights(family.tiny as never, names) as WeightPlan;
    const source = sourceOf(drawn(plan));
    const model = new LanguageModel({ name: "tiny", family, config: family.tiny, plan, source });

    const { taps } = await trace(model, { ids: [1, 2, 3], taps: [blockTap(1, "mlp.coefficients"), "logits"] });

    expect(taps.logits!.shape).toEqual([1, 3, 64]);
    expect(taps["blocks.1.mlp.coefficients"]!.shape).toEqual([1, 3, family.tiny.intermediateSize]);
  },
);

test("llama() computes its taps in the order in which they are documented", () => {
  const signature = { weights: llamaWeights(llamaTiny, names), inputIds: tensorType("int64", ["B", "T"]) };

  const taps = listTaps(({ inputIds: ids, weights }) => llama(ids, weights as never, { config: llamaTiny }), signature);

  expect([...taps.keys()].slice(0, 14)).toEqual([
    ...["embedding", "blocks.0.attention.input", "blocks.0.attention.query", "blocks.0.attention.key"],
    ...["blocks.0.attention.value", "blocks.0.attention.pattern", "blocks.0.attention.heads"],
    ...["blocks.0.attention.output", "blocks.0.middle", "blocks.0.mlp.input", "blocks.0.mlp.coefficients"],
    ...["blocks.0.mlp.output", "blocks.0.residual", "blocks.1.attention.input"],
  ]);
});
