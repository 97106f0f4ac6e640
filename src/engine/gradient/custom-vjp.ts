import { AssayError } from "#base";
import { sameShape } from "../graph/dims.ts";
import { apply } from "../graph/operator.ts";
import { showType } from "../graph/tree.ts";
import type { Value } from "../graph/value.ts";
import { control } from "../operators/control.ts";

/** What a hand-written derivative may use of the forward pass. */
export interface CustomForward {
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/** From the gradient of the output to that of each input; null where nothing flows. */
export type CustomBackward = (dy: Value, forward: CustomForward) => readonly (Value | null)[];

/**
 * A function with a derivative of your own in place of the one that follows from its operators.
 *
 * Only what is handed over has a gradient: a value that `forward` takes from around it counts as a constant.
 *
 * @throws AssayError GRADIENT_MISMATCH when `backward` returns another number of gradients or another shape or dtype
 * @example const reverse = customVjp((x) => x, (dy) => [dy.neg()]); // gradient reversal
 */
export function customVjp<Inputs extends readonly Value[]>(
  forward: (...inputs: Inputs) => Value,
  backward: CustomBackward,
): (...inputs: Inputs) => Value {
  return (...inputs) => {
    const output = forward(...inputs);
    const attributes = {
      outputs: 1,
      backward: ([dy]: readonly Value[]) => checked(backward(dy!, { inputs, output }), inputs),
    };
    return apply(control.CustomVjp, [output, ...inputs], attributes);
  };
}

function checked(gradients: readonly (Value | null)[], inputs: readonly Value[]): readonly (Value | null)[] {
  const fits = inputs.every((input, at) => {
    const dx = gradients[at];
    return dx === null || (dx !== undefined && dx.dtype === input.dtype && sameShape(dx.shape, input.shape));
  });
  if (fits && gradients.length === inputs.length) return gradients;
  const expected = inputs.map(showType).join(", ");
  const got = gradients.map((dx) => (dx === null ? "null" : showType(dx))).join(", ");
  throw new AssayError("GRADIENT_MISMATCH", `customVjp: Expected gradients ${expected}, got ${got}`);
}
