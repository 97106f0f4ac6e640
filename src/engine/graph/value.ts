/** Values, the nodes that make them, and the operators behind the nodes: three types that speak of each other. */
import type { DType, Tensor } from "#base";
import type { Dim, Shape } from "./dims.ts";
import type { OnnxAttribute } from "./onnx.ts";

/** What is known of a value before it is computed. */
export interface TensorType<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
}

/** A value, or a number that takes the dtype of the value it meets. */
export type Operand = Value | number;

/**
 * A tensor that is not computed yet: it knows its dtype, its shape and the node that makes it.
 * Every method adds a node and returns a new value; dtypes and shapes are checked at once.
 * The methods are attached in `operators/fluent.ts`, so that the graph knows no operator.
 */
export class Value implements TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly node: Node;
  /** Which output of its node this is. */
  readonly index: number;

  constructor(type: TensorType, node: Node, index: number) {
    this.dtype = type.dtype;
    this.shape = type.shape;
    this.node = node;
    this.index = index;
  }

  /** How many axes it has. */
  get rank(): number {
    return this.shape.length;
  }
}

/**
 * One operator: its shape rule and how it is said in ONNX. Its derivative stands in `gradient/rules/`, in the file of the same name.
 */
export interface Operator<Attributes extends object = object> {
  readonly name: string;
  /** The types of the outputs. @throws AssayError SHAPE_MISMATCH, DTYPE_MISMATCH, DTYPE_UNSUPPORTED */
  infer(inputs: readonly Value[], attributes: Attributes): TensorType | readonly TensorType[];
  /** Writes ONNX nodes; returns one name for each output. */
  emit(call: Call<Attributes>, emitter: Emitter): readonly string[];
}

/** One use of an operator in a graph. The graph is whatever its outputs reach. */
export interface Node<Attributes extends object = object> {
  readonly operator: Operator<Attributes>;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** Where in the model it was built: "blocks.3.mlp". */
  readonly scope: string;
  /** Later nodes have higher numbers. */
  readonly serial: number;
}

/** One use of an operator, as `emit` sees it. */
export interface Call<Attributes extends object = object> {
  /** ONNX names of the inputs. */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  readonly node: Node<Attributes>;
  /** For each output whether anything reads it. */
  readonly used: readonly boolean[];
}

/** Where `emit` writes. */
export interface Emitter {
  /** Adds an ONNX node and returns the names of its outputs; an empty input name leaves an optional input out. */
  onnx(operator: string, inputs: readonly string[], options?: EmitOptions): string[];
  /** The name of an initializer with this content. */
  constant(tensor: Tensor): string;
  /** The name of an int64 vector with these lengths; symbols are read from the inputs at run time. */
  dims(dims: readonly Dim[]): string;
}

/** What an ONNX node has besides its inputs. */
export interface EmitOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly domain?: "" | "com.microsoft";
  /** Which outputs to ask for; one by default. */
  readonly outputs?: readonly boolean[];
}
