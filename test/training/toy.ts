/** A small training that takes a second: a line of two layers fitted to noise, with everything that a checkpoint must keep. */
import { type RandomStream, stream, type Tensor, tensor } from "#base";
import { adamW, cosineRate, scope, tap, tensorType, warmUp } from "#engine";
import { type TrainingOptions, type TrainingTask, train } from "#training";

const normal = (random: RandomStream, shape: readonly number[]): Tensor<"float32"> =>
  tensor(
    shape,
    Float32Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, () => random.normal()),
  );

export function toyWeights() {
  const random = stream(1, "toy-weights");
  return { hidden: { weight: normal(random, [8, 16]), bias: normal(random, [16]) }, output: normal(random, [16, 1]) };
}

const batch = {
  x: tensorType("float32", ["B", 8]),
  y: tensorType("float32", ["B", 1]),
  mask: tensorType("float32", [16]),
};

/** `steps` of AdamW on data and dropout masks from two streams. */
export function toyTask(steps: number) {
  const weights = toyWeights();
  return {
    name: "toy",
    weights,
    batch,
    steps,
    seed: 5,
    optimizer: adamW({ weightDecay: 0.1 }),
    learningRate: warmUp(5, cosineRate({ from: 0.02, to: 0, steps })),
    loss({ weights, batch: { x, y, mask } }) {
      const hidden = scope("hidden", () =>
        tap("output", x.matmul(weights.hidden.weight).add(weights.hidden.bias).tanh()),
      );
      return { loss: tap("prediction", hidden.mul(mask).matmul(weights.output)).sub(y).square().mean() };
    },
    nextBatch({ random }) {
      const rows = random("data");
      const x = normal(rows, [4, 8]);
      const y = tensor(
        [4, 1],
        [0, 8, 16, 24].map((at) => Math.sin(x.data[at]!)),
      );
      const dropped = random("dropout");
      return {
        x,
        y,
        mask: tensor(
          [16],
          Array.from({ length: 16 }, () => (dropped.next() < 0.1 ? 0 : 1)),
        ),
      };
    },
  } satisfies TrainingTask<typeof weights, typeof batch>;
}

type ToyOptions = TrainingOptions<ReturnType<typeof toyWeights>>;

export const toyOptions: ToyOptions = { batchesPerStep: 2, clipNorm: 0.5, threads: 1 };

/** All bits of the weights. */
export function bitsOf({ hidden, output }: ReturnType<typeof toyWeights>): string {
  const bytes = [hidden.weight, hidden.bias, output].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return Buffer.concat(bytes).toString("hex");
}

export const trainToy = (steps: number, options: ToyOptions = {}) =>
  train(toyTask(steps), { ...toyOptions, ...options });
