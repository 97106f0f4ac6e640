/** Values that come from outside the graph: inputs, constants, and numbers made from axis lengths. */
import { type DType, isTensor, type Tensor, tensor } from "#base";
import { canonicalDim, type Dim } from "../graph/dims.ts";
import { onnxTypeOf } from "../graph/onnx.ts";
import { apply, defineOperators, operator, type TensorType } from "../graph/operator.ts";
import { expectHolds } from "../graph/shapes.ts";
import { type Operand, Value } from "../graph/value.ts";

/** Operators without inputs. */
export const leaves = defineOperators({
  /** Fed at every run. Lowering gives it its name. */
  Input: operator<{ name: string; type: TensorType }>({
    infer: (_inputs, { type }) => type,
    emit: ({ attributes }) => [`in.${attributes.name}`],
  }),
  Constant: operator<{ tensor: Tensor }>({
    infer: (_inputs, { tensor }) => tensor,
    emit: ({ attributes }, emitter) => [emitter.constant(attributes.tensor)],
  }),
  /** The length of an axis as a scalar. */
  AxisSize: operator<{ dim: Dim; dtype: DType }>({
    infer: (_inputs, { dtype }) => ({ dtype, shape: [] }),
    emit: ({ attributes: { dim, dtype } }, emitter) => {
      const scalar = emitter.onnx("Reshape", [emitter.dims([dim]), emitter.constant(tensor([0], [], "int64"))]);
      return dtype === "int64" ? scalar : emitter.onnx("Cast", scalar, { attributes: { to: onnxTypeOf(dtype) } });
    },
  }),
  /** 0, 1, 2 … as int64. */
  Range: operator<{ size: Dim }>({
    infer: (_inputs, { size }) => ({ dtype: "int64", shape: [size] }),
    emit: ({ attributes: { size } }, emitter) => {
      if (typeof size === "number") {
        const numbers = Array.from({ length: size }, (_, at) => at);
        return [emitter.constant(tensor([size], numbers, "int64"))];
      }
      const [ones] = emitter.onnx("ConstantOfShape", [emitter.dims([size])], {
        attributes: { value: tensor([1], [1], "int64") },
      });
      const axis = emitter.constant(tensor([], [0], "int64"));
      return emitter.onnx("CumSum", [ones!, axis], { attributes: { exclusive: 1 } });
    },
  }),
});

/** A value that is fed at every run, under a name that is unique in its graph. @throws AssayError DIM_SYNTAX, DIM_NEGATIVE */
export function input(name: string, { dtype, shape }: TensorType): Value {
  return apply(leaves.Input, [], { name, type: { dtype, shape: shape.map(canonicalDim) } });
}

/** A tensor that is part of the program, or a number as a scalar of `dtype`. @throws AssayError DTYPE_MISMATCH */
export function constant(content: Tensor | number, dtype: DType = "float32"): Value {
  if (!isTensor(content)) expectHolds("constant", dtype, content);
  return apply(leaves.Constant, [], { tensor: isTensor(content) ? content : tensor([], [content], dtype) });
}

/** The operand itself, or a number as a constant of the same dtype as `like`. */
export function asValue(operand: Operand, like: Value): Value {
  return operand instanceof Value ? operand : constant(operand, like.dtype);
}

/** The integers 0, 1, … `size` − 1 as int64 [size]. */
export function range(size: Dim): Value {
  return apply(leaves.Range, [], { size });
}

/** A length as a scalar of `dtype`; a constant when it is known. */
export function axisSize(dim: Dim, dtype: DType = "float32"): Value {
  return typeof dim === "number" ? constant(dim, dtype) : apply(leaves.AxisSize, [], { dim, dtype });
}

/** The number that every element of this value has, when that is known at trace time. */
export function knownNumber(value: Value): number | undefined {
  const { operator, attributes, inputs } = value.node;
  if (operator.name === "Expand") return knownNumber(inputs[0]!);
  if (operator.name !== "Constant") return undefined;
  const { data } = (attributes as { tensor: Tensor }).tensor;
  return data.length === 1 ? Number(data[0]) : undefined;
}
