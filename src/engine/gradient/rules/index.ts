/** The derivative of every operator: a total table, so that forgetting one does not compile. */
import { activation } from "./activation.ts";
import { attention } from "./attention.ts";
import { control } from "./control.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { movement } from "./movement.ts";
import { normalization } from "./normalization.ts";
import { parts } from "./parts.ts";
import { pooling } from "./pooling.ts";
import { reduce } from "./reduce.ts";
import { rotary } from "./rotary.ts";
import type { VjpRules } from "./rule.ts";
import { softmaxes } from "./softmax.ts";

/** The rule of each operator. */
export const vjpRules: VjpRules = {
  ...activation,
  ...attention,
  ...control,
  ...convolution,
  ...elementwise,
  ...indexing,
  ...linearAlgebra,
  ...movement,
  ...normalization,
  ...parts,
  ...pooling,
  ...reduce,
  ...rotary,
  ...softmaxes,
};
