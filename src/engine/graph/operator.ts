import { AssayError, type DType, type Tensor } from "#base";
import type { Dim, Shape } from "./dims.ts";
import type { OnnxAttribute } from "./onnx.ts";
import { currentScope } from "./scope.ts";
import { Value } from "./value.ts";

/** What is known of a value before it is computed. */
export interface TensorType<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
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

export interface EmitOptions {
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  readonly domain?: "" | "com.microsoft";
  /** Which outputs to ask for; one by default. */
  readonly outputs?: readonly boolean[];
}

/** One use of an operator in a graph. The graph is whatever its outputs reach. */
export interface Node<Attributes extends object = object> {
  readonly operator: Operator<Attributes>;
  readonly inputs: readonly Value[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** Where in the model it was built: "blocks.3.mlp". */
  readonly scope: string;
}

/** A row of a table of operators, before it is named after its key. */
export type OperatorRow<Attributes extends object> = Omit<Operator<Attributes>, "name">;

type AttributesOfRow<Row> = Row extends OperatorRow<infer Attributes> ? Attributes : never;

/** One row, with its attributes spelled out: `operator<{ axis: number }>({ infer, emit })`. */
export function operator<Attributes extends object>(row: OperatorRow<Attributes>): OperatorRow<Attributes> {
  return row;
}

/** Names each row of a table of operators after its key. */
export function defineOperators<Table extends Readonly<Record<string, { readonly infer: unknown }>>>(
  table: Table,
): { readonly [Name in keyof Table]: Operator<AttributesOfRow<Table[Name]>> & { readonly name: Name } } {
  const named = Object.entries(table).map(([name, row]) => [name, { ...row, name }]);
  return Object.fromEntries(named);
}

/** Adds a node and returns all of its outputs. */
export function applyAll<Attributes extends object>(
  operator: Operator<Attributes>,
  inputs: readonly Value[],
  attributes: Attributes,
): readonly Value[] {
  const types = [operator.infer(inputs, attributes)].flat() as TensorType[];
  const outputs: Value[] = [];
  const node: Node<Attributes> = { operator, inputs, attributes, outputs, scope: currentScope() };
  for (const [index, type] of types.entries()) outputs.push(new Value(type, node as unknown as Node, index));
  return outputs;
}

/** Adds a node and returns its first output. */
export function apply<Attributes extends object>(
  operator: Operator<Attributes>,
  inputs: readonly Value[],
  attributes: Attributes,
): Value {
  return applyAll(operator, inputs, attributes)[0]!;
}

/** An error of a shape rule, with the place in the model where it happened. */
export function traceError(code: string, message: string, details: Readonly<Record<string, unknown>> = {}): AssayError {
  const scope = currentScope();
  return new AssayError(code, scope === "" ? message : `${message} (in ${scope})`, { details: { ...details, scope } });
}
