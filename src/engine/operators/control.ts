/** Operators that change no number, only what the gradient or the runtime makes of it. */
import { tensor } from "#base";
import { onnxTypeOf } from "../graph/onnx.ts";
import { apply, defineOperators, type None, operator } from "../graph/operator.ts";
import { expectDtype, floats } from "../graph/shapes.ts";
import type { Value } from "../graph/value.ts";

/** From the gradients of the outputs to those of the inputs; null where nothing flows. */
export type Backward = (dOutputs: readonly Value[], inputs: readonly Value[]) => readonly (Value | null)[];

/** How many of the inputs are the finished outputs, and the derivative with respect to the rest. */
export interface CustomVjpAttributes {
  readonly outputs: number;
  readonly backward: Backward;
}

/** The table of this family. */
export const control = defineOperators({
  /**
   * Inputs x and any other value; output x. Whatever is computed from it waits for the other value, and the runtime
   * cannot see that it is x: equal subexpressions before and after stay apart.
   */
  Barrier: operator<None>({
    infer([x, awaited]) {
      expectDtype("barrier", awaited!, floats);
      return x!;
    },
    emit: ({ inputs: [x, awaited], node }, emitter) => {
      // A reshape to the same shape costs nothing, and its shape is known once the first awaited number is: adding
      // "that number is above infinity" as an integer adds zero.
      const type = node.inputs[1]!.dtype;
      const list = emitter.constant(tensor([1], [-1], "int64"));
      const at = (place: number) => emitter.constant(tensor([1], [place], "int64"));
      const [flat] = emitter.onnx("Reshape", [awaited!, list]);
      const [first] = emitter.onnx("Slice", [flat!, at(0), at(1)]);
      const limit = emitter.constant(tensor([1], [Number.POSITIVE_INFINITY], type));
      const [never] = emitter.onnx("Greater", [first!, limit]);
      const zero = emitter.onnx("Cast", [never!], { attributes: { to: onnxTypeOf("int64") } });
      const shape = emitter.dims(node.inputs[0]!.shape);
      return emitter.onnx("Reshape", [x!, emitter.onnx("Add", [shape, zero[0]!])[0]!], {
        attributes: { allowzero: 1 },
      });
    },
  }),
  /** Inputs the outputs of the forward function, then what it was given; outputs the former. */
  CustomVjp: operator<CustomVjpAttributes>({
    infer: (inputs, { outputs }) => inputs.slice(0, outputs),
    emit: ({ inputs, attributes: { outputs } }) => inputs.slice(0, outputs),
  }),
  /** The value itself; its derivative is zero. */
  StopGradient: operator<None>({
    infer: ([x]) => x!,
    emit: ({ inputs }) => [inputs[0]!],
  }),
});

/** The same value, through which no gradient flows. */
export const stopGradient = (x: Value): Value => apply(control.StopGradient, [x], {});
