/** Probabilities from scores, and the loss that is made of them. */
import { tensor } from "#base";
import { showShape } from "../graph/dims.ts";
import {
  apply,
  applyAll,
  defineOperators,
  type None,
  type OperatorRow,
  operator,
  traceError,
} from "../graph/operator.ts";
import { expectDtype, expectShape, floats, normalizeAxis } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";
import { and, equal, not } from "./compare.ts";
import { cast, div, mul, where } from "./elementwise.ts";
import { reshape } from "./movement.ts";
import { mean, sum } from "./reduce.ts";

function along(onnx: string): OperatorRow<{ axis: number }> {
  return {
    infer([x]) {
      expectDtype(onnx, x!, floats);
      return x!;
    },
    emit: ({ inputs, attributes: { axis } }, emitter) => emitter.onnx(onnx, inputs, { attributes: { axis } }),
  };
}

/** The table of this family. */
export const softmaxes = defineOperators({
  /** −log softmax(x)[target] for each row, and log softmax(x), from which the gradient is made. */
  CrossEntropy: operator<None>({
    infer([logits, targets]) {
      expectDtype("crossEntropy", logits!, floats);
      expectDtype("crossEntropy", targets!, ["int64"]);
      return [
        { dtype: logits!.dtype, shape: targets!.shape },
        { dtype: logits!.dtype, shape: logits!.shape },
      ];
    },
    emit: ({ inputs: [logits, targets] }, emitter) => {
      const [logProbs] = emitter.onnx("LogSoftmax", [logits!], { attributes: { axis: 1 } });
      const last = emitter.constant(tensor([1], [1], "int64"));
      const [column] = emitter.onnx("Unsqueeze", [targets!, last]);
      const [found] = emitter.onnx("GatherElements", [logProbs!, column!], { attributes: { axis: 1 } });
      const [loss] = emitter.onnx("Neg", emitter.onnx("Squeeze", [found!, last]));
      return [loss!, logProbs!];
    },
  }),
  LogSoftmax: along("LogSoftmax"),
  Softmax: along("Softmax"),
});

/** Along which axis the probabilities add up to one; the last when left out. */
export interface SoftmaxOptions {
  readonly axis?: number;
}

/** yᵢ = e^xᵢ / Σⱼ e^xⱼ, without overflow. */
export function softmax(x: Value, { axis = -1 }: SoftmaxOptions = {}): Value {
  return apply(softmaxes.Softmax, [x], { axis: normalizeAxis("softmax", axis, x.rank) });
}

/** yᵢ = xᵢ − log Σⱼ e^xⱼ, without overflow. */
export function logSoftmax(x: Value, { axis = -1 }: SoftmaxOptions = {}): Value {
  return apply(softmaxes.LogSoftmax, [x], { axis: normalizeAxis("logSoftmax", axis, x.rank) });
}

/** What counts, and how the losses of the positions become one. */
export interface CrossEntropyOptions {
  /** The mean over what counts when left out. */
  readonly reduction?: "mean" | "sum" | "none";
  /** Positions with this target do not count. */
  readonly ignoreIndex?: number;
  /** [*batch], bool for what counts, or float weights. */
  readonly mask?: Value | undefined;
}

/**
 * The negative log-probability of the targets; zero where nothing counts.
 *
 *     L = −Σ w log softmax(x)[target] / Σ w
 *
 * Shapes   logits [*batch, V] · targets int64 [*batch] → scalar, or [*batch] without reduction
 *
 * @throws AssayError SHAPE_MISMATCH, DTYPE_UNSUPPORTED
 */
export function crossEntropy(logits: Value, targets: Value, options: CrossEntropyOptions = {}): Value {
  const shape = logits.shape.slice(0, -1);
  if (logits.rank === 0) throw traceError("SHAPE_MISMATCH", "crossEntropy: Expected logits [*batch, V], got a scalar");
  expectShape(`crossEntropy with logits ${showShape(logits.shape)}`, targets, { shape, name: "targets" });
  const { reduction = "mean", ignoreIndex, mask } = options;
  const counting = countingOf(targets, { ignoreIndex, mask, dtype: logits.dtype });
  const counted = ignoreIndex === undefined ? targets : where(equal(targets, ignoreIndex), 0, targets);
  const rows = reshape(logits, [-1, logits.shape.at(-1)!]);
  const losses = applyAll(softmaxes.CrossEntropy, [rows, cast(reshape(counted, [-1]), "int64")], {})[0]!;
  return reduced(reshape(losses, shape), counting, reduction);
}

/** Which positions count at all, bool, and how much; undefined where all do, or all alike. */
interface Counting {
  readonly seen: Value | undefined;
  readonly weights: Value | undefined;
}

interface CountingOptions {
  readonly ignoreIndex: number | undefined;
  readonly mask: Value | undefined;
  readonly dtype: Value["dtype"];
}

function countingOf(targets: Value, { ignoreIndex, mask, dtype }: CountingOptions): Counting {
  if (mask !== undefined) expectShape("crossEntropy", mask, { shape: targets.shape, name: "a mask" });
  const kept = ignoreIndex === undefined ? undefined : not(equal(targets, ignoreIndex));
  if (mask?.dtype !== "bool") return { seen: kept, weights: mask && cast(mask, dtype) };
  return { seen: kept === undefined ? mask : and(kept, mask), weights: undefined };
}

function reduced(losses: Value, { seen, weights }: Counting, reduction: "mean" | "sum" | "none"): Value {
  // Left out before anything is multiplied: an infinite loss times zero would be NaN.
  const left = seen === undefined ? losses : where(seen, losses, 0);
  const weighted = weights === undefined ? left : mul(left, weights);
  if (reduction === "none") return weighted;
  if (reduction === "sum") return sum(weighted);
  const counts = [seen && cast(seen, losses.dtype), weights].filter((count) => count !== undefined);
  if (counts.length === 0) return mean(weighted);
  const total = sum(counts.reduce((product, count) => mul(product, count)));
  return div(sum(weighted), where(equal(total, 0), 1, total));
}
