import type { OperatorCase } from "../case.ts";
import { activation } from "./activation.ts";
import { attention } from "./attention.ts";
import { compare } from "./compare.ts";
import { control } from "./control.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { movement } from "./movement.ts";
import { normalizing } from "./normalizing.ts";
import { reduce } from "./reduce.ts";

/** Every operator in every situation that it must stand. */
export const cases: readonly OperatorCase[] = [
  ...activation,
  ...attention,
  ...compare,
  ...control,
  ...convolution,
  ...elementwise,
  ...indexing,
  ...linearAlgebra,
  ...movement,
  ...normalizing,
  ...reduce,
];
