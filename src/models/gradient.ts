import { type Tensor, tensor } from "#base";
import { compile, crossEntropy, tensorType, type Value, valueAndGrad, withTaps } from "#engine";
import { blockGradient } from "./block-gradient.ts";
import { type EditValues, editKey, editTensors, editTypes, type TapEdit } from "./edits.ts";
import type { DecoderWeights } from "./family.ts";
import { type ContinuationIds, type ContinuationText, joinTexts } from "./join-texts.ts";
import { expectIds, type LanguageModel } from "./language-model.ts";
import { tapPlan } from "./run-whole.ts";

/** What is differentiated by what. */
export interface EditGradientOptions {
  /** The continuation whose surprise is the loss. */
  readonly text: ContinuationText | ContinuationIds;
  /** The change by whose vector the loss is differentiated. */
  readonly edit: TapEdit;
}

/** A loss and its gradient. */
export interface EditGradient {
  /** Mean surprise of the continuation's tokens, in nats. */
  readonly loss: number;
  /** In the shape of the edit's vector. */
  readonly gradient: Tensor;
}

/** What a loss is computed with. */
export interface LossTensors {
  /** int64 [B, T]: the token after each token. */
  readonly targets: Tensor;
  /** [B, T]: 1 where a target counts. */
  readonly counts: Tensor;
}

/**
 * The gradient of a continuation's loss with respect to a vector that is added to an activation, or stands in its place:
 * what ROME and steering optimise. A streamed model is gone through block by block, forwards and back.
 *
 *     L(v) = −mean log p(continuation | prompt, edit by v)
 *
 * @throws AssayError TAP_UNKNOWN, EDIT_INVALID, POSITION_OUT_OF_RANGE, TEXT_EMPTY, TOKEN_OUT_OF_RANGE, CONTEXT_TOO_LONG
 * @example await editGradient(model, { text, edit: { tap: "blocks.3.mlp.output", positions: [4], add: vector } });
 */
export async function editGradient(model: LanguageModel, { text, edit }: EditGradientOptions): Promise<EditGradient> {
  const { ids, start } = joinTexts(model, text);
  expectIds(model, ids);
  const inputIds = tensor([1, ids.length], ids, "int64");
  const counts = ids.map((_, at) => Number(at >= start - 1 && at < ids.length - 1));
  const loss = {
    targets: tensor([1, ids.length], [...ids.slice(1), 0], "int64"),
    counts: tensor([1, ids.length], counts),
  };
  const found = model.isStreamed
    ? await blockGradient(model, { inputIds, edit, loss, lossTypes, lossOf })
    : await wholeGradient(model, { inputIds, edit, loss });
  return { loss: Number(found.value.data[0]), gradient: found.gradient };
}

const lossTypes = { targets: tensorType("int64", ["B", "T"]), counts: tensorType("float32", ["B", "T"]) };

const lossOf = (logits: Value, { targets, counts }: { readonly targets: Value; readonly counts: Value }): Value =>
  crossEntropy(logits, targets, { mask: counts });

interface WholeValues {
  readonly weights: DecoderWeights;
  readonly inputIds: Value;
  readonly loss: { readonly targets: Value; readonly counts: Value };
  readonly edit: EditValues;
}

interface Request {
  readonly inputIds: Tensor;
  readonly edit: TapEdit;
  readonly loss: LossTensors;
}

async function wholeGradient(model: LanguageModel, { inputIds, edit, loss }: Request) {
  const { family, config, plan } = model;
  const signature = {
    weights: plan,
    inputIds: tensorType("int64", ["B", "T"]),
    loss: lossTypes,
    edit: editTypes(edit),
  };
  const build = (values: WholeValues): Value => {
    const figure = () => family.logits(values.inputIds, values.weights, { config });
    return lossOf(withTaps(tapPlan([], [edit], [values.edit]), figure).result, values.loss);
  };
  const program = await model.program(`gradient|${editKey(edit)}`, () =>
    compile(valueAndGrad(build, { wrt: "edit.vector" }) as never, signature),
  );
  const given = { weights: model.weights, inputIds, loss, edit: editTensors(edit, inputIds.shape) };
  return (await program.run(given as never)) as unknown as { readonly value: Tensor; readonly gradient: Tensor };
}
