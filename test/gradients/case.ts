/** One row of the table that every operator is held to. */
import type { Array as JaxArray } from "@jax-js/jax";
import type { Tensor } from "#base";
import type { Value } from "#engine";
import type { OperatorName } from "../../src/engine/operators/index.ts";
import type { Plain } from "./plain.ts";

export interface OperatorCase {
  readonly operator: OperatorName;
  /** What is special about this row; "" for the ordinary one. */
  readonly note: string;
  /** Floats to differentiate by. */
  readonly inputs: Readonly<Record<string, Tensor<"float32">>>;
  /** Positions, masks and whatever else has no gradient. */
  readonly fixed: Readonly<Record<string, Tensor>>;
  readonly ours: (x: Readonly<Record<string, Value>>) => Value;
  readonly plain: (x: Readonly<Record<string, Plain>>) => Plain;
  /** Left out where jax-js has no such function, or another convention. */
  readonly jax?: ((x: Readonly<Record<string, JaxArray>>) => JaxArray) | undefined;
  /** Why the operator refuses float64; without a reason it must compute in it. */
  readonly float32Only: boolean;
  /** False for what has no derivative. */
  readonly differentiable: boolean;
  /** Of the largest expected number, in float32. */
  readonly tolerance: number;
}

type Named<Keys extends string, T> = { readonly [Key in Keys]: T };

/** A row as it is written down: names of inputs are checked, and what is ordinary is left out. */
export interface CaseOf<Inputs extends string, Fixed extends string> {
  readonly note?: string;
  readonly inputs?: Named<Inputs, Tensor<"float32">>;
  readonly fixed?: Named<Fixed, Tensor>;
  readonly ours: (x: Named<Inputs | Fixed, Value>) => Value;
  readonly plain: (x: Named<Inputs | Fixed, Plain>) => Plain;
  readonly jax?: (x: Named<Inputs | Fixed, JaxArray>) => JaxArray;
  readonly float32Only?: boolean;
  readonly differentiable?: boolean;
  readonly tolerance?: number;
}

export function row<Inputs extends string = never, Fixed extends string = never>(
  operator: OperatorName,
  {
    note = "",
    inputs,
    fixed,
    float32Only = false,
    differentiable = true,
    tolerance = 2e-5,
    ...functions
  }: CaseOf<Inputs, Fixed>,
): OperatorCase {
  const given = { inputs: inputs ?? {}, fixed: fixed ?? {} };
  return { operator, note, ...given, ...functions, float32Only, differentiable, tolerance } as OperatorCase;
}
