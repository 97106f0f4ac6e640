/** Running a model block by block: one program for all blocks, whose weights come one block at a time. */
import { AssayError, type Tensor } from "#base";
import { compile, type Dim, tensorType, type Value, withTaps } from "#engine";
import { type EditValues, editKey, type TapEdit } from "./edits.ts";
import {
  axesOf,
  cacheTypes,
  type Executed,
  type Execution,
  passKey,
  passOf,
  type SharedValues,
  sharedTensors,
  sharedTypes,
  tensorsOfEdits,
  typesOfEdits,
} from "./execution.ts";
import type { LanguageModel } from "./language-model.ts";
import type { KeysAndValues } from "./pass.ts";
import { tapPlan } from "./run-whole.ts";
import { blockTaps, modelTaps, splitTap } from "./taps.ts";

/** Runs several texts, or one, through every block before the next block is read. @throws AssayError as execute() */
export async function runBlocks(model: LanguageModel, execution: Execution): Promise<Executed> {
  const [executed] = await runBlocksOfMany(model, [execution]);
  return executed!;
}

/** As runBlocks() for many executions: each block's weights are read once for all of them. */
export async function runBlocksOfMany(model: LanguageModel, executions: readonly Execution[]): Promise<Executed[]> {
  const runs = executions.map((execution) => new BlockRun(model, execution));
  for (const run of runs) await run.embed();
  for (let layer = 0; layer < model.config.layers; layer++) {
    for (const run of runs) await run.block(layer);
  }
  for (const run of runs) await run.unembed();
  return runs.map(({ executed }) => executed);
}

/** One execution on its way through the blocks. */
export class BlockRun {
  readonly #model: LanguageModel;
  readonly #execution: Execution;
  readonly #axes: readonly [Dim, Dim];
  readonly #taps: Record<string, Tensor> = {};
  #finished: Readonly<Record<string, Tensor>> = {};
  /** [B, T, C]: what the next part reads. */
  residual: Tensor | undefined;

  constructor(model: LanguageModel, execution: Execution) {
    this.#model = model;
    this.#execution = execution;
    this.#axes = axesOf(execution);
    const named = [...(execution.read ?? []), ...(execution.edits ?? []).map(({ tap }) => tap)];
    for (const name of named) expectTap(name, model.config.layers);
  }

  get executed(): Executed {
    return { taps: this.#taps, finished: this.#finished };
  }

  /** The residual that enters the first block. */
  async embed(): Promise<void> {
    const { family, config, plan, source } = this.#model;
    const { inputIds } = this.#execution.inputs;
    await this.#part("embed", isBefore, {
      types: { weights: plan.embedding, inputIds: tensorType("int64", this.#axes) },
      tensors: { weights: source.outer.embedding, inputIds },
      build: ({ weights, inputIds: ids, shared }) =>
        family.embed(ids, weights as never, { config, pass: passOf(shared, [], ids) }),
    });
  }

  /** One block further. */
  async block(layer: number): Promise<void> {
    const { family, config, plan, source } = this.#model;
    const { past } = this.#execution.inputs;
    const kind = blockKindOf(this.#model, layer);
    await this.#part(`block ${kind}`, (tap) => splitTap(tap)?.layer === layer, {
      prefix: `blocks.${layer}.`,
      types: {
        weights: plan.blocks[0],
        residual: tensorType("float32", [...this.#axes, config.hiddenSize]),
        past: past === undefined ? [] : [cacheTypes(config, this.#axes[0])],
      },
      tensors: {
        weights: source.block(layer),
        residual: this.residual!,
        past: past === undefined ? [] : [past.blocks[layer]!],
      },
      build: ({ weights, residual, past: cached, shared }) =>
        family.block(residual, weights as object, {
          config,
          layer: kind,
          pass: passOf(shared, Array<KeysAndValues>(kind + 1).fill(cached[0]!), residual),
        }),
    });
  }

  /** Logits, and what is made of them. */
  async unembed(): Promise<void> {
    const { family, config, plan, source } = this.#model;
    const { finish, read = [] } = this.#execution;
    if (finish === undefined && !read.some(isAfter)) return;
    const { blocks: _, ...outer } = plan;
    await this.#part(`unembed ${finish?.name ?? ""}`, isAfter, {
      types: {
        weights: outer,
        residual: tensorType("float32", [...this.#axes, config.hiddenSize]),
        finish: finish?.types ?? {},
      },
      tensors: { weights: source.outer, residual: this.residual!, finish: finish?.tensors ?? {} },
      build: ({ weights, residual, shared }) =>
        family.unembed(residual, weights as never, { config, pass: passOf(shared, [], residual) }),
      finish: (logits, values) => finish?.build(logits, values) ?? {},
    });
  }

  async #part(name: string, belongs: (tap: string) => boolean, part: Part): Promise<void> {
    const { inputs, read = [], edits = [] } = this.#execution;
    const { prefix = "" } = part;
    const inside = (tap: string) => tap.slice(prefix.length);
    const mine = edits.filter(({ tap }) => belongs(tap)).map((edit) => ({ ...edit, tap: inside(edit.tap) }));
    const wanted = read.filter(belongs).map(inside);
    const key = [name, passKey(this.#execution), wanted.join(), mine.map(editKey).join()].join("|");
    const program = await this.#model.program(key, () => compilePart(part, this.#execution, { mine, wanted }));
    const given = { ...part.tensors, shared: sharedTensors(inputs), edits: tensorsOfEdits(mine, inputs) };
    const { result, taps, finished } = (await program.run(given as never)) as unknown as PartResult;
    for (const tap of wanted) this.#taps[`${prefix}${tap}`] = taps[tap]!;
    if (part.finish === undefined) this.residual = result;
    else this.#finished = finished;
  }
}

/** A part of the figure: what it is given, and what it computes. */
interface Part {
  /** What its taps' names begin with, outside. */
  readonly prefix?: string;
  readonly types: object;
  readonly tensors: object;
  build(values: PartValues): Value;
  finish?(logits: Value, values: Readonly<Record<string, Value>>): Readonly<Record<string, Value>>;
}

interface PartValues {
  readonly weights: unknown;
  readonly inputIds: Value;
  readonly residual: Value;
  readonly past: readonly KeysAndValues[];
  readonly shared: SharedValues;
  readonly edits: readonly EditValues[];
  readonly finish: Readonly<Record<string, Value>>;
}

interface PartResult extends Executed {
  readonly result: Tensor;
}

function compilePart(part: Part, execution: Execution, { mine, wanted }: { mine: TapEdit[]; wanted: string[] }) {
  const axes = axesOf(execution);
  const shared = sharedTypes(execution.inputs, axes);
  const signature = { ...part.types, shared, edits: typesOfEdits(mine, axes) };
  const build = (values: PartValues) => {
    const { result, taps } = withTaps(tapPlan(wanted, mine, values.edits), () => part.build(values));
    if (part.finish === undefined) return { result, taps };
    return { taps, finished: part.finish(result, values.finish) };
  };
  return compile(build as never, signature);
}

/** The kind of a block, which is the first block of that kind too. */
export const blockKindOf = ({ family, config }: LanguageModel, layer: number): number =>
  family.blockKind?.(config, layer) ?? 0;

const isBefore = (tap: string): boolean => tap === "embedding";
const isAfter = (tap: string): boolean => tap === "finalNorm" || tap === "logits";

/** A program of a part sees its own taps alone, so a wrong name is found here. */
function expectTap(name: string, layers: number): void {
  const inner = splitTap(name);
  const known = inner === undefined ? name in modelTaps : inner.name in blockTaps && inner.layer < layers;
  if (known) return;
  const names = [...Object.keys(modelTaps), ...Object.keys(blockTaps).map((tap) => `blocks.N.${tap}`)];
  const claim = `Expected a tap of a model with ${layers} blocks, got "${name}"; they are ${names.join(", ")}`;
  throw new AssayError("TAP_UNKNOWN", `models: ${claim}`);
}
