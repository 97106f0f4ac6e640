import { join } from "node:path";
import { expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { compile, crossEntropy, typesOf, type Value, valueAndGrad } from "#engine";
import { loadVisionModel } from "../load-vision.ts";
import type { ViTConfig } from "./config.ts";
import { vit } from "./model.ts";
import type { ViTWeights } from "./weights.ts";

interface Inputs {
  readonly weights: ViTWeights;
  readonly pixels: Value;
  readonly labels: Value;
}

test("vit() is trained through interpolated positions: its gradient is the slope that differences show", async () => {
  const model = await loadVisionModel(join(import.meta.dirname, "../../../test/golden/models/vit"));
  const config = model.config as ViTConfig;
  const weights = model.weights as unknown as ViTWeights<Tensor>;
  const pixels = tensor(
    [2, 3, 12, 8],
    Float32Array.from({ length: 576 }, (_, at) => Math.sin(at * 0.7)),
  );
  const given = { weights, pixels, labels: tensor([2], [2, 0], "int64") };
  const loss = ({ weights: values, pixels: seen, labels }: Inputs) =>
    crossEntropy(vit(seen, values, { config }), labels);
  const wrt = "weights.embedding.position";
  const program = await compile(valueAndGrad(loss, { wrt } as never) as never, typesOf(given) as never);
  const run = async (position: Tensor) => {
    const moved = { ...weights, embedding: { ...weights.embedding, position } };
    return (await program.run({ ...given, weights: moved } as never)) as unknown as { value: Tensor; gradient: Tensor };
  };

  const { gradient } = await run(weights.embedding.position);

  for (const place of [1, 20, 55]) {
    const shifted = async (by: number) => {
      const data = Float32Array.from(weights.embedding.position.data as Float32Array);
      data[place]! += by;
      return Number((await run({ ...weights.embedding.position, data } as Tensor)).value.data[0]);
    };
    const slope = ((await shifted(1e-2)) - (await shifted(-1e-2))) / 2e-2;
    expect(Number(gradient.data[place])).toBeCloseTo(slope, 2);
  }
});
