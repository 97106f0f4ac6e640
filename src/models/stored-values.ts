import { AssayError, type Tensor, zeros } from "#base";
import type { StoredWeight } from "./stored-weight.ts";

/**
 * A weight as its checkpoint has it: turned back to [out, in] where it is stored so.
 *
 * @throws AssayError ROWS_SHARED where other weights share the stored tensor
 */
export function storedValues({ name, rows, isTransposed }: StoredWeight, weight: Tensor<"float32">): Tensor<"float32"> {
  if (rows !== undefined) {
    throw new AssayError("ROWS_SHARED", `models: Expected a tensor of one weight, got "${name}", which has several`);
  }
  if (!isTransposed) return weight;
  const [inputs, outputs] = weight.shape as [number, number];
  const turned = zeros([outputs, inputs]);
  for (let row = 0; row < inputs; row++) {
    for (let column = 0; column < outputs; column++) {
      turned.data[column * inputs + row] = weight.data[row * outputs + column]!;
    }
  }
  return turned;
}
