/** The vector-Jacobian product of attention. */
import { transposed } from "../../operators/linear-algebra.ts";
import { zerosLike } from "../../operators/movement.ts";
import { unbroadcast } from "../unbroadcast.ts";
import type { VjpRules } from "./rule.ts";

/** The rules of this family. */
export const attention = {
  /**
   *     P  = softmax(s · Q Kᵀ + bias),  O = P V
   *     dV = Pᵀ dO
   *     dP = dO Vᵀ, plus what comes to P itself
   *     dS = P · (dP − δ),  δ = Σ_S dP · P = Σ_D dO · O, which is the smaller sum
   *     dQ = s · dS K,  dK = s · dSᵀ Q,  dbias = dS
   *
   * Source   Dao et al. 2022, FlashAttention (arXiv:2205.14135), appendix B.2, for δ
   */
  Attention(_dy, { inputs, outputs, dOutputs, attributes: { scale } }) {
    const [q, k, v, bias] = [inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]];
    const [output, pattern] = [outputs[0]!, outputs[1]!];
    const [dOutput = zerosLike(output), dPattern] = dOutputs;
    const throughOutput = dOutput.mul(output).sum({ axes: -1, keepDims: true });
    const direct = dPattern?.mul(pattern).sum({ axes: -1, keepDims: true });
    const delta = direct === undefined ? throughOutput : throughOutput.add(direct);
    const fromOutput = dOutput.matmul(transposed(v));
    const dP = dPattern === undefined ? fromOutput : fromOutput.add(dPattern);
    const dS = pattern.mul(dP.sub(delta));
    const dBias = bias === undefined ? [] : [unbroadcast(dS, bias.shape)];
    const dV = transposed(pattern).matmul(dOutput);
    return [dS.matmul(k, { scale }), transposed(dS).matmul(q, { scale }), dV, ...dBias];
  },
} satisfies Partial<VjpRules>;
