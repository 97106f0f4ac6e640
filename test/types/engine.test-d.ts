/** What must not compile. An expectation that fails is an error of `npm run check`. */
import type { Tensor } from "#base";
import { compile, grad, tensorType, type Value, valueAndGrad } from "#engine";
import { vjpRules } from "../../src/engine/gradient/rules/index.ts";
import type { nonDifferentiable, VjpRules } from "../../src/engine/gradient/rules/rule.ts";
import type { OperatorName } from "../../src/engine/operators/index.ts";

interface Inputs {
  readonly weights: { readonly up: Value; readonly down: Value };
  readonly x: Value;
}

const loss = ({ weights, x }: Inputs): Value => x.matmul(weights.up).matmul(weights.down).mean();

// ----- By what to differentiate

export const one = valueAndGrad(loss, { wrt: "weights" });
export const several = valueAndGrad(loss, { wrt: ["x", "weights.up"] });
// @ts-expect-error no input has this name
export const misspelt = valueAndGrad(loss, { wrt: "wieghts" });
// @ts-expect-error one of the names is not an input
export const oneMisspelt = grad(loss, { wrt: ["x", "wieghts.up"] });

/** The gradient has the structure of what it belongs to. */
export function structure(inputs: Inputs): Value {
  const { gradient } = one(inputs);
  // @ts-expect-error weights have no branch of this name
  gradient.across;
  return gradient.up.add(several(inputs).gradient["weights.up"]);
}

// ----- Rules

const { Softmax: _softmax, ...withoutSoftmax } = vjpRules;
// @ts-expect-error the rule of one operator is missing
export const incomplete: VjpRules = withoutSoftmax;
// @ts-expect-error no operator has this name
export const invented: OperatorName = "Sofmax";
// @ts-expect-error an operator with a rule is not in the list of those without
export const listed: (typeof nonDifferentiable)[number] = "Softmax";

export const rules = {
  Softmax(dy, { attributes }) {
    // @ts-expect-error a rule sees the attributes of its own operator
    attributes.permutation;
    return [dy];
  },
} satisfies Partial<VjpRules>;

// ----- Values and programs

/** A program takes and gives tensors in the structure of its signature. */
export async function programs(x: Value, tensor: Tensor): Promise<Tensor> {
  const program = await compile(({ x }) => ({ y: x.exp() }), { x: tensorType("float32", ["B"]) });
  // @ts-expect-error an operand is a value or a number
  x.add("1");
  // @ts-expect-error a program runs on tensors, not on values
  await program.run({ x });
  // @ts-expect-error the signature names x
  await program.run({ z: tensor });
  return (await program.run({ x: tensor })).y;
}
