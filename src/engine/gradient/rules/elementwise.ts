/** Vector-Jacobian products of the elementwise operators. */
import { where } from "../../operators/elementwise.ts";
import { knownNumber } from "../../operators/leaves.ts";
import { unbroadcast } from "../unbroadcast.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
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
   *     da = dy · b · aᵇ⁻¹  (zero where b is zero),  db = dy · y · log a  (zero where y is zero, and at 0⁰)
   */
  Pow(dy, { inputs, output: y }) {
    const [a, b] = [inputs[0]!, inputs[1]!];
    // Any finite power serves where b is zero: the product with b is zero, and a⁻¹ at zero would make it NaN.
    const less = knownNumber(b) ? b.sub(1) : where(b.equal(0), 1, b.sub(1));
    const da = dy.mul(b.mul(a.pow(less)));
    const isFlat = y.equal(0).or(a.equal(0).and(b.equal(0)));
    const logA = where(isFlat, 0, where(isFlat, 1, a).log());
    return [unbroadcast(da, a.shape), unbroadcast(dy.mul(y).mul(logA), b.shape)];
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
   *     y  = eˣ
   *     dx = dy · y
   */
  Exp(dy, { output: y }) {
    return [dy.mul(y)];
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
   *     y  = 1 / √x
   *     dx = −dy · y³ / 2
   */
  Rsqrt(dy, { output: y }) {
    return [dy.mul(y.mul(y).mul(y)).mul(-0.5)];
  },
  /**
   *     y  = sign(x)
   *     dx = 0
   */
  Sign() {
    return [null];
  },
  /**
   *     y  = sin x
   *     dx = dy · cos x
   */
  Sin(dy, { inputs: [x] }) {
    return [dy.mul(x!.cos())];
  },
  /**
   *     y  = √x
   *     dx = dy / (2 y)
   */
  Sqrt(dy, { output: y }) {
    return [dy.div(y.mul(2))];
  },
  /**
   *     y  = a where c, else b
   *     da = dy where c, else 0;  db = 0 where c, else dy
   */
  Where(dy, { inputs: [c, a, b] }) {
    return [null, unbroadcast(where(c!, dy, 0), a!.shape), unbroadcast(where(c!, 0, dy), b!.shape)];
  },
} satisfies Partial<VjpRules>;
