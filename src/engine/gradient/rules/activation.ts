/** Vector-Jacobian products of the functions that networks bend their values with. */
import { where } from "../../operators/elementwise.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const activation = {
  /**
   *     y  = 2/√π ∫₀ˣ e^(−t²) dt
   *     dx = dy · 2/√π · e^(−x²)
   */
  Erf(dy, { inputs: [x] }) {
    const bell = x!.square().neg().exp();
    return [dy.mul(bell.mul(2 / Math.sqrt(Math.PI)))];
  },
  /**
   *     y  = eˣ − 1
   *     dx = dy · (y + 1)
   */
  Expm1(dy, { output: y }) {
    return [dy.mul(y.add(1))];
  },
  /**
   *     none   y = x Φ(x)                        dx = dy · (Φ(x) + x φ(x)),  Φ(x) = (1 + erf(x/√2))/2
   *     tanh   y = x s,  s = sigmoid(2 u(x))     dx = dy · (s + x s (1 − s) · 2 u'(x)),  u(x) = √(2/π) (x + 0.044715 x³)
   */
  Gelu(dy, { inputs, output: y, attributes: { approximate } }) {
    const x = inputs[0]!;
    const square = x.square();
    if (approximate === "none") {
      const cumulative = x.mul(Math.SQRT1_2).erf().mul(0.5).add(0.5);
      const density = square
        .mul(-0.5)
        .exp()
        .mul(1 / Math.sqrt(2 * Math.PI));
      return [dy.mul(cumulative.add(x.mul(density)))];
    }
    const scale = 2 * Math.sqrt(2 / Math.PI);
    const s = square
      .mul(scale * 0.044715)
      .add(scale)
      .mul(x)
      .sigmoid();
    const slope = square.mul(scale * 3 * 0.044715).add(scale);
    return [dy.mul(s.add(y.sub(y.mul(s)).mul(slope)))];
  },
  /**
   *     y  = log(1 + x)
   *     dx = dy / (1 + x)
   */
  Log1p(dy, { inputs: [x] }) {
    return [dy.div(x!.add(1))];
  },
  /**
   *     y  = max(x, 0)
   *     dx = dy where x > 0
   */
  Relu(dy, { output: y }) {
    return [where(y.greater(0), dy, 0)];
  },
  /**
   *     y  = 1 / (1 + e⁻ˣ)
   *     dx = dy · y (1 − y)
   */
  Sigmoid(dy, { output: y }) {
    return [dy.mul(y.sub(y.square()))];
  },
  /**
   *     y  = x σ(x)
   *     dx = dy · (σ(x) + y (1 − σ(x))) = dy · (y + σ(x) (1 − y))
   */
  Silu(dy, { inputs: [x], output: y }) {
    const sigma = x!.sigmoid();
    return [dy.mul(sigma.add(y.sub(y.mul(sigma))))];
  },
  /**
   *     y  = log(1 + eˣ)
   *     dx = dy · σ(x)
   */
  Softplus(dy, { inputs: [x] }) {
    return [dy.mul(x!.sigmoid())];
  },
  /**
   *     y  = tanh x
   *     dx = dy · (1 − y²)
   */
  Tanh(dy, { output: y }) {
    return [dy.sub(dy.mul(y.square()))];
  },
} satisfies Partial<VjpRules>;
