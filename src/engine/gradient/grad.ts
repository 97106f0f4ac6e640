import { AssayError } from "#base";
import { isFloat } from "../graph/shapes.ts";
import { leavesOf, mapTree, showType, subtreeAt } from "../graph/tree.ts";
import { Value } from "../graph/value.ts";
import { constant } from "../operators/leaves.ts";
import { vjp } from "./backward.ts";

/** What a loss function returns: the loss alone, or the loss and whatever else should come out. */
export type LossResult = Value | { readonly loss: Value };

/** Where a branch of the inputs is: a name of theirs, or a path below one; any text where the inputs are unknown. */
export type PathOf<Inputs> = unknown extends Inputs
  ? string
  : (keyof Inputs & string) | `${keyof Inputs & string}.${string}`;

/** By what to differentiate: one branch of the inputs, or several. */
export interface WrtOptions<Wrt> {
  readonly wrt: Wrt;
}

/** The branch of the inputs at a path; deeper paths than a top-level name are checked at trace time. */
type BranchAt<Inputs, Path extends string> = Path extends keyof Inputs
  ? Inputs[Path]
  : Path extends `${infer Head}.${infer Rest}`
    ? Head extends keyof Inputs
      ? BranchAt<Inputs[Head], Rest>
      : never
    : never;

/** Gradients in the structure of what they belong to: one tree for one path, a record of trees for several. */
export type GradientOf<Inputs, Wrt extends string | readonly string[]> = Wrt extends readonly (infer Path extends
  string)[]
  ? { readonly [P in Path]: BranchAt<Inputs, P> }
  : Wrt extends string
    ? BranchAt<Inputs, Wrt>
    : never;

/**
 * A function that returns the loss and its gradient with respect to a branch of the inputs.
 *
 * @throws AssayError LOSS_NOT_SCALAR, TREE_MISMATCH, NOT_DIFFERENTIABLE when the returned function is traced
 * @example await compile(valueAndGrad(loss, { wrt: "adapter" }), signature)
 */
export function valueAndGrad<
  Inputs,
  Result extends LossResult,
  const Wrt extends PathOf<Inputs> | readonly PathOf<Inputs>[],
>(
  loss: (inputs: Inputs) => Result,
  { wrt }: WrtOptions<Wrt>,
): (inputs: Inputs) => { readonly value: Result; readonly gradient: GradientOf<Inputs, Wrt> } {
  return (inputs) => {
    const value = loss(inputs);
    const gradient = gradientTree(value instanceof Value ? value : value.loss, inputs, wrt);
    return { value, gradient: gradient as GradientOf<Inputs, Wrt> };
  };
}

/** A function that returns the gradient of a loss alone. @throws as valueAndGrad() */
export function grad<Inputs, const Wrt extends PathOf<Inputs> | readonly PathOf<Inputs>[]>(
  loss: (inputs: Inputs) => LossResult,
  options: WrtOptions<Wrt>,
): (inputs: Inputs) => GradientOf<Inputs, Wrt> {
  const both = valueAndGrad(loss, options);
  return (inputs) => both(inputs).gradient;
}

function gradientTree(loss: Value, inputs: unknown, wrt: string | readonly string[]): unknown {
  if (loss.rank !== 0 || !isFloat(loss)) {
    const wayOut = "reduce it with .mean() or .sum()";
    throw new AssayError("LOSS_NOT_SCALAR", `grad: Expected a scalar float loss, got ${showType(loss)}; ${wayOut}`);
  }
  const paths: readonly string[] = typeof wrt === "string" ? [wrt] : wrt;
  const branches = paths.map((path) => [path, subtreeAt(inputs, path)] as const);
  const leaves = branches.flatMap(([path, branch]) => [...leavesOf<Value>(branch, path)]);
  for (const [path, leaf] of leaves) expectFloat(path, leaf);
  const gradients = vjp(
    loss,
    leaves.map(([, leaf]) => leaf),
    constant(1, loss.dtype),
  );
  const byPath = new Map(leaves.map(([path], at) => [path, gradients[at]!]));
  const trees = branches.map(([path, branch]) => [path, mapTree(branch, (_, at) => byPath.get(at), path)] as const);
  return typeof wrt === "string" ? trees[0]![1] : Object.fromEntries(trees);
}

function expectFloat(path: string, leaf: Value): void {
  if (isFloat(leaf)) return;
  const wayOut = "name the float branches one by one";
  throw new AssayError(
    "NOT_DIFFERENTIABLE",
    `grad: Expected float values at "${path}", got ${showType(leaf)}; ${wayOut}`,
  );
}
