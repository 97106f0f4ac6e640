/** The gradient of a loss by one edit, block by block: forwards with the residuals kept, then back through each block. */
import type { Tensor } from "#base";
import { compile, grad, type TensorType, tensorType, type Value, valueAndGrad, withTaps } from "#engine";
import { type EditValues, editKey, editTensors, editTypes, type TapEdit } from "./edits.ts";
import type { LanguageModel } from "./language-model.ts";
import { wholeTexts } from "./pass.ts";
import { BlockRun, blockKindOf } from "./run-blocks.ts";
import { tapPlan } from "./run-whole.ts";
import { modelTaps, splitTap } from "./taps.ts";

type LossTree<Leaf> = { readonly targets: Leaf; readonly counts: Leaf };

/** An edit, a text, and what makes a loss of its logits. */
export interface BlockGradientRequest {
  readonly inputIds: Tensor;
  readonly edit: TapEdit;
  readonly loss: LossTree<Tensor>;
  readonly lossTypes: LossTree<TensorType>;
  lossOf(logits: Value, values: LossTree<Value>): Value;
}

interface LossAndGradient {
  readonly value: Tensor;
  readonly gradient: Tensor;
}

/** The loss, and its gradient by the edit's vector. @throws AssayError as editGradient() */
export async function blockGradient(model: LanguageModel, request: BlockGradientRequest): Promise<LossAndGradient> {
  const { inputIds, edit } = request;
  const run = new BlockRun(model, { inputs: { inputIds }, edits: [edit] });
  const { layers } = model.config;
  const edited = splitTap(edit.tap)?.layer ?? (edit.tap in modelTaps && edit.tap !== "embedding" ? layers : -1);
  await run.embed();
  const residuals = new Map([[0, run.residual!]]);
  for (let layer = 0; layer < layers; layer++) {
    await run.block(layer);
    if (layer + 1 >= edited) residuals.set(layer + 1, run.residual!);
  }
  const head = await headGradient(model, request, { residual: residuals.get(layers)!, isEdited: edited === layers });
  let { gradient } = head;
  for (let layer = layers - 1; layer >= Math.max(0, edited); layer--) {
    const at = { layer, residual: residuals.get(layer)!, cotangent: gradient };
    gradient = await blockPullBack(model, layer === edited ? edit : undefined, at);
  }
  if (edited < 0) gradient = await embedPullBack(model, request, gradient);
  return { value: head.value, gradient };
}

interface HeadPart {
  readonly residual: Tensor;
  readonly isEdited: boolean;
}

/** The loss and its gradient by the last residual, or by the vector when the edit is behind it. */
async function headGradient(model: LanguageModel, request: BlockGradientRequest, { residual, isEdited }: HeadPart) {
  const { edit, loss, lossTypes, lossOf } = request;
  const { family, config, plan, source } = model;
  const { blocks: _, ...outer } = plan;
  const signature = { weights: outer, residual: residualType(model), loss: lossTypes, ...editPart(edit, isEdited) };
  const build = (values: PartValues & { readonly loss: LossTree<Value> }): Value => {
    const context = { config, pass: wholeTexts(values.residual) };
    const logits = edited(edit, values, () => family.unembed(values.residual, values.weights as never, context));
    return lossOf(logits, values.loss);
  };
  const wrt = isEdited ? "edit.vector" : "residual";
  const program = await model.program(`gradient head|${isEdited ? editKey(edit) : ""}`, () =>
    compile(valueAndGrad(build, { wrt }) as never, signature),
  );
  const given = { weights: source.outer, residual, loss, ...editGiven(edit, isEdited, residual) };
  return (await program.run(given as never)) as unknown as LossAndGradient;
}

interface BlockPart {
  readonly layer: number;
  /** What the block read. */
  readonly residual: Tensor;
  /** The loss's gradient by what it wrote. */
  readonly cotangent: Tensor;
}

/** The gradient by what a block read, or by the vector of the edit inside it: that of ⟨cotangent, block(residual)⟩. */
async function blockPullBack(model: LanguageModel, edit: TapEdit | undefined, part: BlockPart): Promise<Tensor> {
  const { family, config, plan, source } = model;
  const { layer, residual, cotangent } = part;
  const kind = blockKindOf(model, layer);
  const inner = edit && { ...edit, tap: splitTap(edit.tap)!.name };
  const signature = {
    weights: plan.blocks[0],
    residual: residualType(model),
    cotangent: residualType(model),
    ...editPart(inner, inner !== undefined),
  };
  const build = (values: PartValues): Value => {
    const context = { config, pass: wholeTexts(values.residual), layer: kind };
    const written = edited(inner, values, () => family.block(values.residual, values.weights as object, context));
    return written.mul(values.cotangent).sum();
  };
  const wrt = inner === undefined ? "residual" : "edit.vector";
  const program = await model.program(`gradient block ${kind}|${inner === undefined ? "" : editKey(inner)}`, () =>
    compile(grad(build, { wrt }) as never, signature),
  );
  const given = {
    weights: source.block(layer),
    residual,
    cotangent,
    ...editGiven(inner, inner !== undefined, residual),
  };
  return (await program.run(given as never)) as unknown as Tensor;
}

async function embedPullBack(model: LanguageModel, { inputIds, edit }: BlockGradientRequest, cotangent: Tensor) {
  const { family, config, plan, source } = model;
  const signature = {
    weights: plan.embedding,
    inputIds: tensorType("int64", ["B", "T"]),
    cotangent: residualType(model),
    ...editPart(edit, true),
  };
  const build = (values: PartValues & { readonly inputIds: Value }): Value => {
    const context = { config, pass: wholeTexts(values.inputIds) };
    const written = edited(edit, values, () => family.embed(values.inputIds, values.weights as never, context));
    return written.mul(values.cotangent).sum();
  };
  const program = await model.program(`gradient embed|${editKey(edit)}`, () =>
    compile(grad(build, { wrt: "edit.vector" }) as never, signature),
  );
  const given = { weights: source.outer.embedding, inputIds, cotangent, ...editGiven(edit, true, inputIds) };
  return (await program.run(given as never)) as unknown as Tensor;
}

interface PartValues {
  readonly weights: unknown;
  readonly residual: Value;
  readonly cotangent: Value;
  readonly edit?: EditValues;
}

const residualType = ({ config }: LanguageModel) => tensorType("float32", ["B", "T", config.hiddenSize]);

const editPart = (edit: TapEdit | undefined, isHere: boolean) =>
  edit === undefined || !isHere ? {} : { edit: editTypes(edit) };

const editGiven = (edit: TapEdit | undefined, isHere: boolean, { shape }: Tensor) =>
  edit === undefined || !isHere ? {} : { edit: editTensors(edit, shape) };

function edited(edit: TapEdit | undefined, values: PartValues, build: () => Value): Value {
  if (edit === undefined || values.edit === undefined) return build();
  return withTaps(tapPlan([], [edit], [values.edit]), build).result;
}
