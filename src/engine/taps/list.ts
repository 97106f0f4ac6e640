import type { ValuesOf } from "../graph/tree.ts";
import type { TensorType, Value } from "../graph/value.ts";
import { trace } from "../runtime/trace.ts";
import { withTaps } from "./taps.ts";

/**
 * The taps of a model with their types, in the order in which it computes them; nothing is compiled.
 *
 * @throws AssayError of the shape rules while tracing; TAP_TWICE
 */
export function listTaps<Signature>(
  build: (inputs: ValuesOf<Signature>) => unknown,
  signature: Signature,
): ReadonlyMap<string, TensorType> {
  const types = new Map<string, TensorType>();
  trace((inputs: ValuesOf<Signature>) => {
    const { result, taps } = withTaps({ read: "all" }, () => build(inputs));
    for (const [name, { dtype, shape }] of Object.entries<Value>(taps)) types.set(name, { dtype, shape });
    return result;
  }, signature);
  return types;
}
