/** Tables of operators, and using one. */
import { AssayError } from "#base";
import { currentScope } from "./scope.ts";
import { type Node, type Operator, type TensorType, Value } from "./value.ts";

export type { Call, Emitter, Node, Operator, TensorType } from "./value.ts";

/** A row of a table of operators, before it is named after its key. */
export type OperatorRow<Attributes extends object> = Omit<Operator<Attributes>, "name">;

type AttributesOfRow<Row> = Row extends OperatorRow<infer Attributes> ? Attributes : never;

/** For operators that take no attributes. */
export type None = Readonly<Record<never, never>>;

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

let nodes = 0;

/** The number that the next node will have. */
export const nextSerial = (): number => nodes;

/** Adds a node and returns all of its outputs. */
export function applyAll<Attributes extends object>(
  operator: Operator<Attributes>,
  inputs: readonly Value[],
  attributes: Attributes,
): readonly Value[] {
  const types = [operator.infer(inputs, attributes)].flat() as TensorType[];
  const outputs: Value[] = [];
  const node: Node<Attributes> = { operator, inputs, attributes, outputs, scope: currentScope(), serial: nodes++ };
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
