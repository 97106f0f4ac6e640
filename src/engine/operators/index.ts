/** All operators in one table: the types of the gradient rules follow from it. */
import type { Operator } from "../graph/value.ts";
import { activation } from "./activation.ts";
import { attention } from "./attention.ts";
import { compare } from "./compare.ts";
import { control } from "./control.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { leaves } from "./leaves.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { movement } from "./movement.ts";
import { normalization } from "./normalization.ts";
import { parts } from "./parts.ts";
import { pooling } from "./pooling.ts";
import { reduce } from "./reduce.ts";
import { rotary } from "./rotary.ts";
import { softmaxes } from "./softmax.ts";

/** Every operator by its name. */
export const operators = {
  ...activation,
  ...attention,
  ...compare,
  ...control,
  ...convolution,
  ...elementwise,
  ...indexing,
  ...leaves,
  ...linearAlgebra,
  ...movement,
  ...normalization,
  ...parts,
  ...pooling,
  ...reduce,
  ...rotary,
  ...softmaxes,
} as const;

/** The table of all operators. */
export type Operators = typeof operators;

/** The name of an operator. */
export type OperatorName = keyof Operators;

/** The attributes of one operator. */
export type AttributesOf<Name extends OperatorName> =
  Operators[Name] extends Operator<infer Attributes> ? Attributes : never;
