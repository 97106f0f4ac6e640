import { describe, expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import {
  compile,
  constant,
  conv1d,
  crossEntropy,
  gelu,
  grad,
  layerNorm,
  rmsNorm,
  scaledDotProductAttention,
  softmax,
  tensorType,
  type Value,
} from "#engine";
import { normal } from "./plain.ts";

/** The gradient of ⟨gradient, v⟩ is the Hessian times v: compared with differences of the gradient itself. */
const losses: Record<string, (x: Value) => Value> = {
  "a cube": (x) => x.pow(3).sum(),
  attention: (x) => {
    const heads = x.reshape([1, 1, 4, 6]);
    return scaledDotProductAttention({ query: heads, key: heads.sin(), value: heads }, { causal: true }).square().sum();
  },
  convolution: (x) =>
    conv1d(x.reshape([1, 4, 6]), { weight: x.reshape([2, 4, 3]) }, { stride: 2, padding: 1 })
      .square()
      .sum(),
  "cross-entropy": (x) => crossEntropy(x, constant(tensor([4], [0, 5, 2, 2], "int64"))),
  gelu: (x) => gelu(x, { approximate: "tanh" }).sum(),
  layerNorm: (x) =>
    layerNorm(x, { scale: x.slice(0, 0, 1).reshape([6]) })
      .exp()
      .sum(),
  "log-sum-exp": (x) => x.logSumExp({ axes: 1 }).square().sum(),
  "a matrix product": (x) => x.matmul(x.swapAxes(0, 1)).tanh().sum(),
  rmsNorm: (x) => rmsNorm(x).exp().sum(),
  softmax: (x) => softmax(x).square().sum(),
};

describe("a gradient of a gradient", () => {
  test.each(Object.entries(losses))("of %s agrees with differences of the gradient", async (_name, loss) => {
    const type = tensorType("float32", [4, 6]);
    const first = (inputs: { x: Value }) => grad((at: { x: Value }) => loss(at.x), { wrt: "x" })(inputs);
    const gradient = await compile(({ x }) => ({ dx: first({ x }) }), { x: type });
    const along = (inputs: { x: Value; v: Value }) => first({ x: inputs.x }).mul(inputs.v).sum();
    const hessianTimes = await compile((inputs) => ({ hv: grad(along, { wrt: "x" })(inputs) }), { x: type, v: type });
    const [x, v] = [normal("point", [4, 6], { scale: 0.7 }), normal("direction", [4, 6])];
    const moved = (by: number) =>
      tensor(
        [4, 6],
        x.data.map((value, at) => value + by * v.data[at]!),
      );

    const { hv } = await hessianTimes.run({ x, v });

    const step = 3e-3;
    const [after, before] = [await gradient.run({ x: moved(step) }), await gradient.run({ x: moved(-step) })];
    const differences = (after.dx as Tensor<"float32">).data.map(
      (value, at) => (value - (before.dx as Tensor<"float32">).data[at]!) / (2 * step),
    );
    const miss = Math.hypot(...differences.map((value, at) => value - Number(hv.data[at])));
    expect(miss / Math.hypot(...differences)).toBeLessThan(5e-3);
  });
});
