/** All operators in one table: the types of the gradient rules follow from it. */
import type { Operator } from "../graph/operator.ts";
import type { compare } from "./compare.ts";
import type { elementwise } from "./elementwise.ts";
import type { leaves } from "./leaves.ts";
import type { linearAlgebra } from "./linear-algebra.ts";
import type { movement } from "./movement.ts";
import type { reduce } from "./reduce.ts";

export type Operators = typeof compare &
  typeof elementwise &
  typeof leaves &
  typeof linearAlgebra &
  typeof movement &
  typeof reduce;

export type OperatorName = keyof Operators;

/** The attributes of one operator. */
export type AttributesOf<Name extends OperatorName> =
  Operators[Name] extends Operator<infer Attributes> ? Attributes : never;
