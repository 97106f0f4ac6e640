import type { OperatorCase } from "../case.ts";
import { activation } from "./activation.ts";
import { compare } from "./compare.ts";
import { control } from "./control.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { movement } from "./movement.ts";
import { network } from "./network.ts";
import { reduce } from "./reduce.ts";

/** Every operator in every situation that it must stand. */
export const cases: readonly OperatorCase[] = [
  ...activation,
  ...compare,
  ...control,
  ...convolution,
  ...elementwise,
  ...indexing,
  ...linearAlgebra,
  ...movement,
  ...network,
  ...reduce,
];
