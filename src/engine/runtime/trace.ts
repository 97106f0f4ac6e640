/** Calls a function with symbolic values in place of tensors. */
import "../operators/fluent.ts";

import { AssayError, type Tensor } from "#base";
import { leavesOf, mapTree, type ValuesOf } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";
import { constant, input } from "../operators/leaves.ts";

/** A function as a graph. */
export interface Traced<Outputs> {
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
  readonly result: Outputs;
}

/** Traces `build` once; inputs that `frozen` has are constants of the graph. @throws AssayError OUTPUT_MISSING */
export function trace<Signature, Outputs>(
  build: (inputs: ValuesOf<Signature>) => Outputs,
  signature: Signature,
  frozen: unknown = {},
): Traced<Outputs> {
  const inputs = new Map<string, Value>();
  const frozenTensors = leavesOf<Tensor>(frozen);
  const values = mapTree(signature, (type, path) => {
    const tensor = frozenTensors.get(path);
    if (tensor !== undefined) return constant(tensor);
    const value = input(path, type);
    inputs.set(path, value);
    return value;
  });
  const result = build(values as ValuesOf<Signature>);
  const outputs = leavesOf<Value>(result);
  if (outputs.size === 0) throw new AssayError("OUTPUT_MISSING", "compile: Expected a value to compute, got none");
  return { inputs, outputs, result };
}
