/** What a rule is, and which operators have one. */
import type { Value } from "../../graph/value.ts";
import type { AttributesOf, OperatorName } from "../../operators/index.ts";

/** What a rule may use of the forward pass. */
export interface Forward<Name extends OperatorName> {
  readonly inputs: readonly Value[];
  /** The first output. */
  readonly output: Value;
  readonly outputs: readonly Value[];
  /** What came back for each output; `dy` is the first of them. */
  readonly dOutputs: readonly (Value | undefined)[];
  readonly attributes: AttributesOf<Name>;
}

/**
 * From the gradient of the output to that of each input: the vector-Jacobian product.
 * `null` stands for an input through which nothing flows. What nobody needs is dropped, so a rule may return it all.
 */
export type VjpRule<Name extends OperatorName> = (dy: Value, forward: Forward<Name>) => readonly (Value | null)[];

/** Operators without a derivative, or without inputs to differentiate by. */
export const nonDifferentiable = [
  "And",
  "ArgMax",
  "ArgMin",
  "AxisSize",
  "Constant",
  "Equal",
  "Floor",
  "Greater",
  "GreaterOrEqual",
  "Input",
  "IsInfinite",
  "IsNaN",
  "Less",
  "LessOrEqual",
  "Not",
  "Or",
  "Range",
] as const satisfies readonly OperatorName[];

type DifferentiableName = Exclude<OperatorName, (typeof nonDifferentiable)[number]>;

/** One rule for every operator that has a derivative. */
export type VjpRules = { readonly [Name in DifferentiableName]: VjpRule<Name> };
