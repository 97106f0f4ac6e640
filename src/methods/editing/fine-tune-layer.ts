/** FT-L: fine-tuning one matrix inside a box, the baseline of the editors. */
import { type Json, type Tensor, tensor, zeros } from "#base";
import { compile, crossEntropy, leavesOf, mapTree, tensorType, type Value, valueAndGrad } from "#engine";
import type { LanguageModel } from "#models";
import { downMapPath } from "../value-vectors/place.ts";
import { certified, type Edited } from "./certify.ts";
import type { EncodedRequest } from "./encode.ts";
import { expectEditLayer, paddedRows } from "./observe.ts";
import { adamStep, expectFiniteLoss } from "./optimize.ts";
import { type PrepareOptions, prepareRequests } from "./prepare.ts";
import type { EditRequest } from "./request.ts";
import { settingsFor } from "./settings.ts";

/** How one matrix is fine-tuned. */
export interface FineTuneLayerOptions extends Pick<PrepareOptions, "inflected" | "unfit"> {
  /** The layer; ROME's for the model when left out. */
  readonly layer?: number;
  /** Adam's; 5e-4 when left out. */
  readonly learningRate?: number;
  /** 25 when left out. */
  readonly steps?: number;
  /** No number of the matrix moves further; 5e-4 when left out. */
  readonly box?: number;
  /** A loss below ends it; 0.01 when left out. */
  readonly enough?: number;
}

/**
 * Fine-tunes the down map of one layer on the bare prompts, every number kept within a box around its start.
 *
 *     min_ΔW mean_e [ mean_q −log P(t_q | p_e, t_<q) ]   with ‖ΔW‖_∞ ≤ ε
 *
 * Deviation: the authors' code scores every token of the object at the prompt's last token; here each is scored after the
 * ones before it.
 *
 * Source   Zhu et al. 2020 (arXiv:2012.00363), as the baseline FT+L of Meng et al. 2022, ROME, appendix E.1
 *
 * @throws AssayError EDIT_REQUEST, LANGUAGE_UNKNOWN, LAYER_OUT_OF_RANGE, LOSS_NOT_FINITE, EDIT_WITHOUT_EFFECT, WEIGHTS_STREAMED
 * @example await fineTuneLayer(model, [request], { layer: 1 });
 */
export async function fineTuneLayer(
  model: LanguageModel,
  requests: readonly EditRequest[],
  options: FineTuneLayerOptions = {},
): Promise<Edited> {
  const { layer = settingsFor(model).rome.layer, learningRate = 5e-4, steps = 25, box = 5e-4, enough = 0.01 } = options;
  expectEditLayer(model, layer);
  const { encoded, excluded } = await prepareRequests(model, requests, { ...options, prefixes: [] });
  const path = downMapPath(layer);
  const start = leavesOf<Tensor<"float32">>(model.weights).get(path)!;
  const tuned = await tune(model, encoded, { path, start, learningRate, steps, box, enough });
  const delta: Tensor<"float32"> = { ...start, data: tuned.map((value, at) => value - start.data[at]!) };
  return certified(model, {
    method: "ft-l",
    settings: { layer, learningRate, steps, box, enough } as Readonly<Record<string, Json>>,
    updates: [
      {
        update: { path, kind: "dense", delta },
        layer,
        system: { statistics: "none", condition: null, ridge: null, residual: null },
      },
    ],
    requests: encoded.map((one) => ({ encoded: one, target: null })),
    excluded: excluded as Readonly<Record<string, number>>,
  });
}

interface Tuning {
  readonly path: string;
  readonly start: Tensor<"float32">;
  readonly learningRate: number;
  readonly steps: number;
  readonly box: number;
  readonly enough: number;
}

async function tune(model: LanguageModel, encoded: readonly EncodedRequest[], tuning: Tuning) {
  const { path, start, learningRate, steps, box, enough } = tuning;
  const program = await lossProgram(model, path);
  const texts = textInputs(encoded);
  const data = start.data.slice() as Float32Array<ArrayBuffer>;
  const moments = { first: new Float64Array(data.length), second: new Float64Array(data.length) };
  for (let step = 0; step < steps; step++) {
    const given = { weights: model.weights, matrix: { ...start, data }, texts };
    const { value, gradient } = (await program.run(given as never, { outputs: "reuse" })) as unknown as {
      readonly value: Tensor;
      readonly gradient: Tensor<"float32">;
    };
    const loss = Number(value.data[0]);
    expectFiniteLoss({ id: encoded[0]!.request.id, step, loss, gradient: gradient.data });
    if (loss < enough) break;
    adamStep(data, gradient.data, { ...moments, time: step + 1, learningRate });
    for (let at = 0; at < data.length; at++) {
      const origin = start.data[at]!;
      data[at] = Math.min(origin + box, Math.max(origin - box, data[at]!));
    }
  }
  return data;
}

/** The loss and its gradient by one matrix; the others are inputs that nothing flows to. */
function lossProgram(model: LanguageModel, path: string) {
  const { plan, family, config } = model;
  return model.program(`edit fine-tune ${path}`, () => {
    const ids = tensorType("int64", ["B", "T"]);
    const signature = {
      weights: plan,
      matrix: tensorType("float32", leavesOf<Tensor>(plan).get(path)!.shape),
      texts: { ids, targets: ids, share: tensorType("float32", ["B", "T"]) },
    };
    const build = ({ weights, matrix, texts }: LossValues): Value => {
      const own = mapTree(weights, (leaf, at) => (at === path ? matrix : leaf)) as typeof weights;
      const logits = family.logits(texts.ids, own as never, { config });
      return crossEntropy(logits, texts.targets, { reduction: "none" }).mul(texts.share).sum();
    };
    return compile(valueAndGrad(build as never, { wrt: "matrix" } as never) as never, signature as never) as never;
  });
}

interface LossValues {
  readonly weights: object;
  readonly matrix: Value;
  readonly texts: { readonly ids: Value; readonly targets: Value; readonly share: Value };
}

/** Every object's tokens count alike, every request alike. */
function textInputs(encoded: readonly EncodedRequest[]) {
  const texts = encoded.map(({ rewrites }) => rewrites[0]!);
  const ids = paddedRows(texts.map((text) => text.ids));
  const shape = [ids.length, ids[0]!.length];
  const targets = zeros(shape, "int64");
  const share = zeros(shape);
  for (const [row, text] of texts.entries()) {
    for (const { at, id } of text.targets) {
      targets.data[row * shape[1]! + at] = BigInt(id);
      share.data[row * shape[1]! + at] = 1 / (texts.length * text.targets.length);
    }
  }
  return { ids: tensor(shape, ids.flat(), "int64"), targets, share };
}
