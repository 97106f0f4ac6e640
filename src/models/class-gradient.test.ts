import { join } from "node:path";
import { expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { classGradient } from "./class-gradient.ts";
import { loadVisionModel } from "./load-vision.ts";
import { traceVision } from "./vision-model.ts";

const folder = join(import.meta.dirname, "../../test/golden/models/vit");
const pixels = tensor(
  [2, 3, 8, 8],
  Array.from({ length: 384 }, (_, at) => Math.sin(at * 1.7) + 0.2),
);

/** A copy with one number moved. */
const moved = ({ shape, data }: Tensor, at: number, by: number): Tensor => {
  const values = Float32Array.from(data as Float32Array);
  values[at]! += by;
  return tensor(shape, values);
};

test.each([undefined, "embedding", "blocks.0.residual"])(
  "classGradient() at %s is the slope that differences show",
  async (at) => {
    const model = await loadVisionModel(folder);
    const classes = [2, 0];
    const given = { pixels, classes, ...(at === undefined ? {} : { at }) };

    const { gradient, value, logits } = await classGradient(model, given);

    const scoreOf = async (x: Tensor): Promise<number> => {
      const found = await classGradient(model, at === undefined ? { ...given, pixels: x } : { ...given, value: x });
      return classes.reduce((sum, one, row) => sum + Number(found.logits.data[row * 3 + one]), 0);
    };
    for (const place of [3, 37, value.data.length - 5]) {
      const slope = ((await scoreOf(moved(value, place, 1e-2))) - (await scoreOf(moved(value, place, -1e-2)))) / 2e-2;
      expect(Number(gradient.data[place])).toBeCloseTo(slope, 2);
    }
    const { taps } = await traceVision(model, { pixels, taps: ["logits"] });
    expect([...logits.data].map((one) => Number(one).toFixed(4))).toEqual(
      [...taps.logits!.data].map((one) => Number(one).toFixed(4)),
    );
  },
);

test("classGradient() of log-probabilities adds up to nothing over classes", async () => {
  const model = await loadVisionModel(folder);
  const one = tensor([1, 3, 8, 8], (pixels.data as Float32Array).slice(0, 192));
  const { taps } = await traceVision(model, { pixels: one, taps: ["logits"] });
  const odds = [...taps.logits!.data].map((logit) => Math.exp(Number(logit)));
  const total = odds.reduce((sum, odd) => sum + odd, 0);

  const slopes = await Promise.all(
    [0, 1, 2].map((chosen) => classGradient(model, { pixels: one, classes: [chosen], of: "log-probability" })),
  );

  // Σ p_k ∂ log p_k = ∂ Σ p_k = 0
  const sums = slopes[0]!.gradient.data.length;
  for (let at = 0; at < sums; at += 17) {
    const sum = slopes.reduce((acc, { gradient }, k) => acc + (odds[k]! / total) * Number(gradient.data[at]), 0);
    expect(sum).toBeCloseTo(0, 5);
  }
});

test("classGradient() asks for a class that there is, for each picture", async () => {
  const model = await loadVisionModel(folder);

  await expect(classGradient(model, { pixels, classes: [0] })).rejects.toThrow("a class for each of 2 pictures, got 1");
  await expect(classGradient(model, { pixels, classes: [0, 3] })).rejects.toThrow("classes from 0 to 2, got 3");
  await expect(classGradient(model, { pixels, classes: [0, 1], at: "embeding" })).rejects.toThrow('"embedding"');
});
