/** Vector-Jacobian products of the softmax family. */
import type { Value } from "../../graph/value.ts";
import { scatterAdd } from "../../operators/indexing.ts";
import type { VjpRules } from "./rule.ts";

/** What reaches x through y = log softmax(x): dy − eʸ · Σ dy. */
const throughLog = (dy: Value, y: Value, axis: number): Value =>
  dy.sub(y.exp().mul(dy.sum({ axes: axis, keepDims: true })));

/** The rules of this family. */
export const softmaxes = {
  /**
   *     y  = −log p[target],  p = softmax(x)
   *     dx = dy · (p − onehot(target))
   */
  CrossEntropy(dy, { inputs: [, targets], outputs, dOutputs }) {
    const logProbs = outputs[1]!;
    const weight = dy.expandDims(1);
    const flow = { indices: targets!.expandDims(1), updates: weight.neg(), axis: 1 };
    const dx = scatterAdd(logProbs.exp().mul(weight), flow);
    const dLog = dOutputs[1];
    return [dLog === undefined ? dx : dx.add(throughLog(dLog, logProbs, 1)), null];
  },
  /**
   *     y  = x − log Σ eˣ
   *     dx = dy − eʸ · Σ dy
   */
  LogSoftmax(dy, { output: y, attributes: { axis } }) {
    return [throughLog(dy, y, axis)];
  },
  /**
   *     y  = softmax(x)
   *     dx = y · (dy − Σ dy · y)
   */
  Softmax(dy, { output: y, attributes: { axis } }) {
    const inner = dy.mul(y).sum({ axes: axis, keepDims: true });
    return [y.mul(dy.sub(inner))];
  },
} satisfies Partial<VjpRules>;
