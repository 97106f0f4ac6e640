import type { Tensor } from "#base";
import { compile, type TapPlan, tensorType, type Value, withTaps } from "#engine";
import { applyEdit, type EditValues, editKey, type TapEdit } from "./edits.ts";
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
import type { DecoderWeights } from "./family.ts";
import type { LanguageModel } from "./language-model.ts";
import type { KeysAndValues } from "./pass.ts";
import { threadsOf } from "./threads.ts";

/** What the program of a whole model is traced with. */
interface WholeValues {
  readonly weights: DecoderWeights;
  readonly inputIds: Value;
  readonly shared: SharedValues;
  readonly past: readonly KeysAndValues[];
  readonly edits: readonly EditValues[];
  readonly finish: Readonly<Record<string, Value>>;
}

/** Runs the whole model as one program. @throws AssayError as execute() */
export async function runWhole(model: LanguageModel, execution: Execution): Promise<Executed> {
  const { inputs, read = [], edits = [], finish, frozen, reuse = false } = execution;
  const key = ["whole", passKey(execution), read.join(), edits.map(editKey).join(), finish?.name].join("|");
  const make = () => compileWhole(model, execution);
  const program = await (frozen === undefined ? model.program(key, make) : model.frozenProgram(key, frozen, make));
  const given = {
    ...(frozen === undefined ? { weights: model.weights } : {}),
    inputIds: inputs.inputIds,
    shared: sharedTensors(inputs),
    past: inputs.past?.blocks ?? [],
    edits: tensorsOfEdits(edits, inputs),
    finish: finish?.tensors ?? {},
  };
  return (await program.run(given as never, { outputs: reuse ? "reuse" : "fresh" })) as unknown as Executed;
}

function compileWhole(model: LanguageModel, execution: Execution) {
  const { plan, family, config } = model;
  const { inputs, read = [], edits = [], finish, frozen } = execution;
  const axes = axesOf(execution);
  const signature = {
    weights: plan,
    inputIds: tensorType("int64", axes),
    shared: sharedTypes(inputs, axes),
    past: inputs.past === undefined ? [] : inputs.past.blocks.map(() => cacheTypes(config, axes[0])),
    edits: typesOfEdits(edits, axes),
    finish: finish?.types ?? {},
  };
  const build = (values: WholeValues) => {
    const pass = passOf(values.shared, values.past, values.inputIds);
    const figure = () => family.logits(values.inputIds, values.weights, { config, pass });
    const { result, taps } = withTaps(tapPlan(read, edits, values.edits), figure);
    return { taps, finished: finish?.build(result, values.finish) ?? {} };
  };
  const options = frozen === undefined ? {} : { freeze: { weights: model.weights } as never, shared: false };
  return compile(build as never, signature, { ...threadsOf(config), ...options });
}

/** What is read and changed, for withTaps(). Edits of one tap follow each other. */
export function tapPlan(read: readonly string[], edits: readonly TapEdit[], values: readonly EditValues[]): TapPlan {
  const byTap = new Map<string, (value: Value) => Value>();
  for (const [at, edit] of edits.entries()) {
    const [earlier, change] = [byTap.get(edit.tap), applyEdit(edit, values[at]!)];
    byTap.set(edit.tap, earlier === undefined ? change : (value) => change(earlier(value)));
  }
  return { read, edit: Object.fromEntries(byTap) };
}

/** The tensor of a tap that was read. */
export const tapOf = (executed: Executed, name: string): Tensor => executed.taps[name]!;
