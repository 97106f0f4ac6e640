/** One tensor's step, by the rule's kernel where it has one, else by a program over pieces. */
import { hashOf, type Tensor, tensor } from "#base";
import { tensorType } from "../graph/tree.ts";
import type { TensorType } from "../graph/value.ts";
import { compile, type Program } from "../runtime/session.ts";
import { chunksOf, type PassOptions, passDefaults } from "./chunks.ts";
import type { OptimizerRule } from "./rule.ts";

/** What is stepped; all of a size. */
export interface Dense {
  readonly weight: Tensor<"float32">;
  readonly gradient: Tensor<"float32">;
  readonly slots: Readonly<Record<string, Tensor<"float32">>>;
}

/** A rule made ready for tensors of any size. */
export interface RuleStep {
  /** What decides its numbers to the last bit. */
  readonly identity: string;
  /** Changes weight and slots in place. */
  run(tensors: Dense, numbers: Readonly<Record<string, number>>): Promise<void>;
}

/** Prefers the kernel. @throws AssayError as compile() */
export async function prepareRule(rule: OptimizerRule, options: PassOptions): Promise<RuleStep> {
  return rule.kernel === undefined ? programStep(rule, options) : kernelStep(rule, rule.kernel);
}

function kernelStep({ name, settings }: OptimizerRule, kernel: NonNullable<OptimizerRule["kernel"]>): RuleStep {
  return {
    identity: hashOf({ kernel: name, settings }),
    async run({ weight, gradient, slots }, numbers) {
      const flat = Object.fromEntries(Object.entries(slots).map(([slot, { data }]) => [slot, data]));
      kernel({ weight: weight.data, gradient: gradient.data, slots: flat }, numbers);
    },
  };
}

type RuleProgram = Program<unknown, { readonly weight: TensorType; readonly slots: Record<string, TensorType> }>;

/** The rule's formula as an ONNX program. @throws AssayError as compile() */
export async function programStep(rule: OptimizerRule, options: PassOptions = {}): Promise<RuleStep> {
  const program = await compileRule(rule, options);
  return {
    identity: program.identity.hash,
    async run(tensors, numbers) {
      const scalars = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, tensor([], [number])]));
      await runPieces(program, tensors, scalars);
    },
  };
}

async function compileRule(rule: OptimizerRule, options: PassOptions): Promise<RuleProgram> {
  const values = tensorType("float32", ["N"]);
  const named = (names: readonly string[], type: TensorType) => Object.fromEntries(names.map((name) => [name, type]));
  const signature = {
    weight: values,
    gradient: values,
    slots: named(rule.slots, values),
    numbers: named(rule.scalars, tensorType("float32", [])),
  };
  return (await compile((inputs) => rule.update(inputs), signature, { ...passDefaults, ...options })) as never;
}

async function runPieces(
  program: RuleProgram,
  { weight, gradient, slots }: Dense,
  numbers: Readonly<Record<string, Tensor>>,
): Promise<void> {
  const gradients = chunksOf(gradient);
  const pieces = Object.entries(slots).map(([name, values]) => [name, chunksOf(values)] as const);
  for (const [at, chunk] of chunksOf(weight).entries()) {
    const current = Object.fromEntries(pieces.map(([name, chunks]) => [name, chunks[at]!]));
    const inputs = { weight: chunk, gradient: gradients[at]!, slots: current, numbers };
    await program.run(inputs as never, { into: { weight: chunk, slots: current } as never });
  }
}
