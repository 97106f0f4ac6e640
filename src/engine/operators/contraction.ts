/** Sums of products over named axes. */
import { type Dim, multiplyDims, showShape } from "../graph/dims.ts";
import { traceError } from "../graph/operator.ts";
import type { Value } from "../graph/value.ts";
import { matmul } from "./linear-algebra.ts";
import { reshape, transpose } from "./movement.ts";
import { sum } from "./reduce.ts";

/** A value whose axes have one-letter names. */
interface Named {
  readonly value: Value;
  readonly names: string;
}

/**
 * The sum of products that a formula names: letters are axes, those missing after the arrow are summed over.
 *
 * Shapes   as the formula says; one letter has one length everywhere
 *
 * @throws AssayError EINSUM_SYNTAX, SHAPE_MISMATCH
 * @example einsum("bhtd,bhsd->bhts", query, key)
 */
export function einsum(formula: string, ...values: Value[]): Value {
  const [before, result] = formula.replaceAll(" ", "").split("->");
  const operands = (before ?? "").split(",");
  if (result === undefined || operands.length !== values.length) throw badFormula(formula, values);
  if (![...operands, result].every(isNames)) throw badFormula(formula, values);
  if (![...result].every((name) => before!.includes(name))) throw badFormula(formula, values);
  expectLengths(formula, operands, values);
  const named = operands.map((names, at): Named => ({ names, value: values[at]! }));
  const last = named.slice(1).reduce((left, right, at) => {
    const later = named.slice(at + 2).map(({ names }) => names);
    return contract(left, right, result + later.join(""));
  }, named[0]!);
  return arranged(summedOver(last, result), result);
}

/** Letters, each once: no diagonals, no ellipsis. */
const isNames = (names: string): boolean => /^[A-Za-z]*$/.test(names) && new Set(names).size === names.length;

function badFormula(formula: string, values: readonly Value[]): Error {
  const expected = `Expected ${values.length} lists of letters, an arrow and letters among them, each once in a list`;
  return traceError("EINSUM_SYNTAX", `einsum: ${expected}, got "${formula}"`);
}

function expectLengths(formula: string, operands: readonly string[], values: readonly Value[]): void {
  const lengths = new Map<string, Dim>();
  for (const [at, names] of operands.entries()) {
    const { shape } = values[at]!;
    const fits = names.length === shape.length && [...names].every((name, axis) => bind(lengths, name, shape[axis]!));
    if (fits) continue;
    const got = values.map((value) => showShape(value.shape)).join(", ");
    throw traceError("SHAPE_MISMATCH", `einsum: Expected shapes that "${formula}" describes, got ${got}`);
  }
}

function bind(lengths: Map<string, Dim>, name: string, length: Dim): boolean {
  if (!lengths.has(name)) lengths.set(name, length);
  return lengths.get(name) === length;
}

/** One product of two operands, as batches of matrices: [shared and kept, rows, summed] · [shared and kept, summed, columns]. */
function contract(a: Named, b: Named, kept: string): Named {
  const left = summedOver(a, b.names + kept);
  const right = summedOver(b, a.names + kept);
  const shared = [...left.names].filter((name) => right.names.includes(name));
  const batch = shared.filter((name) => kept.includes(name)).join("");
  const inner = shared.filter((name) => !kept.includes(name)).join("");
  const rows = [...left.names].filter((name) => !shared.includes(name)).join("");
  const columns = [...right.names].filter((name) => !shared.includes(name)).join("");
  const product = matmul(folded(left, [batch, rows, inner]), folded(right, [batch, inner, columns]));
  const lengths = [...batch, ...rows].map((name) => lengthOf(left, name));
  const shape = [...lengths, ...[...columns].map((name) => lengthOf(right, name))];
  return { names: batch + rows + columns, value: reshape(product, shape) };
}

const lengthOf = ({ names, value }: Named, name: string): Dim => value.shape[names.indexOf(name)]!;

/** Sums over the axes that nothing needs any more. */
function summedOver({ names, value }: Named, needed: string): Named {
  const axes = [...names].flatMap((name, axis) => (needed.includes(name) ? [] : [axis]));
  if (axes.length === 0) return { names, value };
  return { names: [...names].filter((name) => needed.includes(name)).join(""), value: sum(value, { axes }) };
}

/** The axes in the order of `order`. */
const arranged = ({ names, value }: Named, order: string): Value =>
  transpose(
    value,
    [...order].map((name) => names.indexOf(name)),
  );

/** One axis for each list of names. */
function folded(named: Named, lists: readonly string[]): Value {
  const value = arranged(named, lists.join(""));
  const shape = lists.map((names) => [...names].map((name) => lengthOf(named, name)).reduce(multiplyDims, 1));
  return reshape(value, shape);
}
