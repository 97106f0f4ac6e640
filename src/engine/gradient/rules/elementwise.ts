/** Vector-Jacobian products of the elementwise operators. */
import { where } from "../../operators/elementwise.ts";
import { unbroadcast } from "../unbroadcast.ts";
import type { VjpRules } from "./index.ts";

export const elementwise = {
  // ----- Two operands

  /**
   *     y  = a + b
   *     da = dy,  db = dy, each summed over the axes along which it was repeated
   */
  Add(dy, { inputs: [a, b] }) {
    return [unbroadcast(dy, a!.shape), unbroadcast(dy, b!.shape)];
  },
  /**
   *     y  = a − b
   *     da = dy,  db = −dy
   */
  Sub(dy, { inputs: [a, b] }) {
    return [unbroadcast(dy, a!.shape), unbroadcast(dy, b!.shape).neg()];
  },
  /**
   *     y  = a · b
   *     da = dy · b,  db = dy · a
   */
  Mul(dy, { inputs: [a, b] }) {
    return [unbroadcast(dy.mul(b!), a!.shape), unbroadcast(dy.mul(a!), b!.shape)];
  },
  /**
   *     y  = a / b
   *     da = dy / b,  db = −dy · y / b
   */
  Div(dy, { inputs: [a, b], output: y }) {
    const da = dy.div(b!);
    return [unbroadcast(da, a!.shape), unbroadcast(da.mul(y).neg(), b!.shape)];
  },
  /**
   *     y  = aᵇ
   *     da = dy · b · aᵇ⁻¹,  db = dy · y · log a  (zero where y is zero)
   */
  Pow(dy, { inputs: [a, b], output: y }) {
    const da = dy.mul(b!.mul(a!.pow(b!.sub(1))));
    const logA = where(y.equal(0), 0, where(y.equal(0), 1, a!).log());
    return [unbroadcast(da, a!.shape), unbroadcast(dy.mul(y).mul(logA), b!.shape)];
  },
  /**
   *     y  = max(a, b)
   *     da = dy where a > b, half of it where they are equal
   */
  Maximum(dy, { inputs: [a, b] }) {
    const share = a!.greater(b!).cast(dy.dtype).add(a!.equal(b!).cast(dy.dtype).mul(0.5));
    const da = dy.mul(share);
    return [unbroadcast(da, a!.shape), unbroadcast(dy.sub(da), b!.shape)];
  },
  /**
   *     y  = min(a, b)
   *     da = dy where a < b, half of it where they are equal
   */
  Minimum(dy, { inputs: [a, b] }) {
    const share = a!.less(b!).cast(dy.dtype).add(a!.equal(b!).cast(dy.dtype).mul(0.5));
    const da = dy.mul(share);
    return [unbroadcast(da, a!.shape), unbroadcast(dy.sub(da), b!.shape)];
  },

  // ----- One operand

  /**
   *     y  = |x|
   *     dx = dy · sign(x)
   */
  Abs(dy, { inputs: [x] }) {
    return [dy.mul(x!.sign())];
  },
  /**
   *     y  = x as another dtype
   *     dx = dy as the dtype of x; integers take none
   */
  Cast(dy, { inputs: [x] }) {
    return [x!.dtype.startsWith("float") ? dy.cast(x!.dtype) : null];
  },
  /**
   *     y  = min(max(x, low), high)
   *     dx = dy where low ≤ x ≤ high, zero elsewhere
   */
  Clip(dy, { inputs: [x], output: y }) {
    return [where(x!.equal(y), dy, 0)];
  },
  /**
   *     y  = cos x
   *     dx = −dy · sin x
   */
  Cos(dy, { inputs: [x] }) {
    return [dy.mul(x!.sin()).neg()];
  },
  /**
   *     y  = 2/√π ∫₀ˣ e^(−t²) dt
   *     dx = dy · 2/√π · e^(−x²)
   */
  Erf(dy, { inputs: [x] }) {
    return [
      dy.mul(
        x!
          .square()
          .neg()
          .exp()
          .mul(2 / Math.sqrt(Math.PI)),
      ),
    ];
  },
  /**
   *     y  = eˣ
   *     dx = dy · y
   */
  Exp(dy, { output: y }) {
    return [dy.mul(y)];
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
   *     y  = log x
   *     dx = dy / x
   */
  Log(dy, { inputs: [x] }) {
    return [dy.div(x!)];
  },
  /**
   *     y  = −x
   *     dx = −dy
   */
  Neg(dy) {
    return [dy.neg()];
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
   *     y  = sign(x)
   *     dx = 0
   */
  Sign() {
    return [null];
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
   *     y  = sin x
   *     dx = dy · cos x
   */
  Sin(dy, { inputs: [x] }) {
    return [dy.mul(x!.cos())];
  },
  /**
   *     y  = log(1 + eˣ)
   *     dx = dy · σ(x)
   */
  Softplus(dy, { inputs: [x] }) {
    return [dy.mul(x!.sigmoid())];
  },
  /**
   *     y  = √x
   *     dx = dy / (2 y)
   */
  Sqrt(dy, { output: y }) {
    return [dy.div(y.mul(2))];
  },
  /**
   *     y  = x
   *     dx = 0
   */
  StopGradient() {
    return [null];
  },
  /**
   *     y  = tanh x
   *     dx = dy · (1 − y²)
   */
  Tanh(dy, { output: y }) {
    return [dy.sub(dy.mul(y.square()))];
  },
  /**
   *     y  = a where c, else b
   *     da = dy where c, else 0;  db = 0 where c, else dy
   */
  Where(dy, { inputs: [c, a, b] }) {
    return [null, unbroadcast(where(c!, dy, 0), a!.shape), unbroadcast(where(c!, 0, dy), b!.shape)];
  },
} satisfies Partial<VjpRules>;
