/** From a rule to steps over trees: tensor by tensor, in place, by the rule's kernel or by a program. */
import { AssayError, suggestion, type Tensor, tensor, zeros } from "#base";
import { leavesOf, showType, type TensorsOf } from "../graph/tree.ts";
import type { TensorType } from "../graph/value.ts";
import type { PassOptions } from "./chunks.ts";
import { expectUsed, type ParameterGroup, type Treatment, treatmentOf } from "./groups.ts";
import { gather, type Mask, positionsOf, scatter } from "./masks.ts";
import type { OptimizerRule } from "./rule.ts";
import { type Dense, prepareRule, type RuleStep } from "./rule-step.ts";

/** What an optimiser remembers between steps: a tree to checkpoint, changed in place. */
export interface OptimizerState {
  /** How many steps were made, as int64. */
  readonly step: Tensor<"int64">;
  /** Slot → path of the weight → values: as many as are trained. */
  readonly slots: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
}

/** What is trained, and how the program is compiled. */
export interface OptimizerOptions extends PassOptions {
  readonly groups?: readonly ParameterGroup[];
  /** By path: only values under a true are trained; all others keep their bits. */
  readonly masks?: Readonly<Record<string, Mask>>;
}

/** The numbers of one step. */
export interface StepOptions {
  readonly learningRate: number;
  /** What the gradients are multiplied with first; 1 when left out. */
  readonly gradientScale?: number;
}

/** What a step reads and writes: weights and state in place. */
export interface StepTrees<Weights> {
  readonly weights: Weights;
  readonly gradients: TensorsOf<Weights>;
  readonly state: OptimizerState;
}

/** A rule made ready for one tree of weights. */
export interface Optimizer<Weights> {
  readonly rule: OptimizerRule;
  /** What decides its numbers to the last bit. */
  readonly identity: string;
  /** Paths of the weights that a step changes. */
  readonly trained: readonly string[];
  /** The state before the first step: zeros. */
  start(): OptimizerState;
  /** Changes weights and state in place. @throws AssayError TREE_MISMATCH, OPTION_RANGE */
  step(trees: StepTrees<Weights>, options: StepOptions): Promise<void>;
}

/**
 * Makes an optimiser's program for a tree of weights (tensors or their types).
 *
 * @throws AssayError GROUP_EMPTY, MASK_INVALID, DTYPE_UNSUPPORTED
 * @example const optimizer = await compileOptimizer(adamW(), weights);
 */
export async function compileOptimizer<Weights>(
  rule: OptimizerRule,
  weights: Weights,
  { groups = [], masks = {}, ...options }: OptimizerOptions = {},
): Promise<Optimizer<Weights>> {
  const leaves = leavesOf(weights);
  expectUsed(groups, [...leaves.keys()]);
  const parts = [...leaves].flatMap(([path, type]) => partOf(path, type, { rule, groups, masks }));
  expectKnownMasks(masks, leaves);
  return new CompiledOptimizer(rule, parts, await prepareRule(rule, options));
}

/** One weight that is trained. */
interface Part extends Treatment {
  readonly path: string;
  readonly type: TensorType;
  readonly positions?: Uint32Array;
}

type PartOptions = Required<Pick<OptimizerOptions, "groups" | "masks">> & { readonly rule: OptimizerRule };

function partOf(path: string, type: TensorType, { rule, groups, masks }: PartOptions): Part[] {
  const treatment = treatmentOf(path, groups, rule.weightDecay);
  if (treatment === undefined) return [];
  if (type.dtype !== "float32") {
    const got = `got ${showType(type)} at "${path}"; freeze it by a group with frozen: true`;
    throw new AssayError("DTYPE_UNSUPPORTED", `optimizer: Expected float32 weights, ${got}`);
  }
  const mask = masks[path];
  const concrete = { shape: type.shape as readonly number[] };
  return [{ path, type, ...treatment, ...(mask && { positions: positionsOf(path, mask, concrete) }) }];
}

function expectKnownMasks(masks: Readonly<Record<string, Mask>>, leaves: ReadonlyMap<string, unknown>): void {
  for (const path of Object.keys(masks)) {
    if (leaves.has(path)) continue;
    const hint = suggestion(path, [...leaves.keys()]);
    throw new AssayError("MASK_INVALID", `optimizer: Expected a mask for a weight, got one for "${path}"${hint}`);
  }
}

class CompiledOptimizer<Weights> implements Optimizer<Weights> {
  readonly rule: OptimizerRule;
  readonly identity: string;
  readonly trained: readonly string[];
  readonly #parts: readonly Part[];
  readonly #step: RuleStep;
  /** Dense copies of what masks pick, kept from step to step. */
  readonly #picked = new Map<string, Tensor>();

  constructor(rule: OptimizerRule, parts: readonly Part[], step: RuleStep) {
    this.rule = rule;
    this.identity = step.identity;
    this.trained = parts.map(({ path }) => path);
    this.#parts = parts;
    this.#step = step;
  }

  start(): OptimizerState {
    const sizes = this.#parts.map(({ path, type, positions }) => {
      return [path, positions === undefined ? (type.shape as readonly number[]) : [positions.length]] as const;
    });
    const slot = () => Object.fromEntries(sizes.map(([path, shape]) => [path, zeros(shape)]));
    const slots = Object.fromEntries(this.rule.slots.map((name) => [name, slot()]));
    return { step: tensor([], [0n], "int64"), slots };
  }

  async step({ weights, gradients, state }: StepTrees<Weights>, options: StepOptions): Promise<void> {
    const trees = { weights: leavesOf<Tensor>(weights), gradients: leavesOf<Tensor>(gradients), state };
    for (const part of this.#parts) this.#expectLeaves(part, trees);
    const step = Number(state.step.data[0]) + 1;
    const numbers = new Map<string, Readonly<Record<string, number>>>();
    for (const part of this.#parts) {
      const key = `${part.rateFactor} ${part.weightDecay}`;
      const known = numbers.get(key) ?? this.#numbers(part, step, options);
      numbers.set(key, known);
      await this.#stepPart(part, trees, known);
    }
    state.step.data[0] = BigInt(step);
  }

  #numbers(
    { rateFactor, weightDecay }: Treatment,
    step: number,
    options: StepOptions,
  ): Readonly<Record<string, number>> {
    const { learningRate, gradientScale = 1 } = options;
    if (!Number.isFinite(learningRate) || !Number.isFinite(gradientScale)) {
      const got = `got ${learningRate} and ${gradientScale}`;
      throw new AssayError("OPTION_RANGE", `optimizer: Expected a finite learning rate and gradient scale, ${got}`);
    }
    return this.rule.numbers({ step, learningRate: learningRate * rateFactor, weightDecay, gradientScale });
  }

  async #stepPart(part: Part, trees: Leaves, numbers: Readonly<Record<string, number>>): Promise<void> {
    const { path, positions } = part;
    const weight = trees.weights.get(path)!;
    const gradient = trees.gradients.get(path)!;
    const slots = Object.fromEntries(this.rule.slots.map((name) => [name, trees.state.slots[name]![path]!]));
    if (positions === undefined) return this.#step.run({ weight, gradient, slots } as Dense, numbers);
    const dense = { weight: this.#pick(`${path} w`, weight, part), gradient: this.#pick(`${path} g`, gradient, part) };
    await this.#step.run({ ...dense, slots } as Dense, numbers);
    scatter(dense.weight, positions, weight);
  }

  #pick(key: string, from: Tensor, { positions }: Part): Tensor {
    const into = this.#picked.get(key) ?? zeros([positions!.length]);
    this.#picked.set(key, into);
    gather(from, positions!, into);
    return into;
  }

  #expectLeaves({ path, type, positions }: Part, { weights, gradients, state }: Leaves): void {
    const trained = positions === undefined ? (type.shape as readonly number[]) : [positions.length];
    expectShape(weights.get(path), type.shape, { what: "weight", path });
    expectShape(gradients.get(path), type.shape, { what: "gradient", path });
    for (const slot of this.rule.slots) expectShape(state.slots[slot]?.[path], trained, { what: slot, path });
  }
}

interface Leaves {
  readonly weights: ReadonlyMap<string, Tensor>;
  readonly gradients: ReadonlyMap<string, Tensor>;
  readonly state: OptimizerState;
}

function expectShape(
  found: Tensor | undefined,
  shape: readonly unknown[],
  { what, path }: { readonly what: string; readonly path: string },
): void {
  if (found?.dtype === "float32" && found.shape.join() === shape.join()) return;
  const got = found === undefined ? "nothing" : showType(found);
  const expected = `Expected a ${what} float32 [${shape.join(", ")}] at "${path}"`;
  throw new AssayError("TREE_MISMATCH", `optimizer: ${expected}, got ${got}`);
}
