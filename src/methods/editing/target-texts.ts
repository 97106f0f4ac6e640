/** The fixed part of an optimisation: what the texts of some requests give up to the edited layer. */
import { type Tensor, tensor } from "#base";
import { blockTap, type LanguageModel, trace } from "#models";
import type { EditedText, EncodedRequest } from "./encode.ts";
import type { LaterInputs } from "./later-blocks.ts";
import { paddedRows, rowAt } from "./observe.ts";
import { logProbsAt } from "./read-out.ts";

/** What is known before δ moves. */
export interface FixedPart {
  /** Everything the loop's program takes but δ. */
  readonly inputs: Omit<LaterInputs<Tensor>, "delta">;
  /** Keys of the rewriting texts of each request, the bare one first. */
  readonly keys: readonly (readonly Float32Array[])[];
  /** What the tap of the target holds on each request's bare text: v₀, or h₀. */
  readonly origins: readonly Float32Array[];
}

/** Where the change is made. */
export interface FixedPartOptions {
  readonly layer: number;
  /** Whether norms are those of the MLP's output (ROME) or of the residual behind the block (MEMIT). */
  readonly origin: "mlp.output" | "residual";
  /** λ_KL */
  readonly divergenceWeight: number;
}

interface Row {
  readonly text: EditedText;
  readonly owner: number;
}

/** Runs the whole model once over all texts of the requests, and keeps what the loop needs. */
export async function fixedPart(
  model: LanguageModel,
  requests: readonly EncodedRequest[],
  { layer, origin, divergenceWeight }: FixedPartOptions,
): Promise<FixedPart> {
  const rewrites = requests.flatMap(({ rewrites: texts }, owner) => texts.map((text) => ({ text, owner })));
  const compares = divergenceWeight > 0;
  const essences = compares ? requests.map(({ essence: text }, owner) => ({ text, owner })) : [];
  const rows: Row[] = [...rewrites, ...essences];
  const found = await passOver(model, rows, { layer, origin });
  const own = ownTokens(rows, found.taps[blockTap(layer, "residual")]!);
  const width = own.residual.shape[1]!;
  const firstRow = (at: number) => (rewrites.length + at) * width;
  const inputs = {
    ...own,
    past: pastOf(model, layer, found.taps),
    owner: tensor(
      [rows.length],
      rows.map(({ owner }) => owner),
      "int64",
    ),
    rewrite: rewriteInputs(rewrites, { requests: requests.length, width }),
    ...(compares ? { essence: await essenceInputs(model, requests, { firstRow, divergenceWeight }) } : {}),
  };
  const starts = requests.map((_, owner) => rows.findIndex((row) => row.owner === owner));
  const coefficients = found.taps[blockTap(layer, "mlp.coefficients")]!;
  const keyOf = ({ text, owner }: Row, at: number) => ({ owner, key: rowAt(coefficients, at, text.lookup) });
  const keys = rewrites.map(keyOf);
  return {
    inputs,
    keys: requests.map((_, owner) => keys.filter((one) => one.owner === owner).map(({ key }) => key)),
    origins: starts.map((row) => rowAt(found.taps[blockTap(layer, origin)]!, row, rows[row]!.text.lookup)),
  };
}

function passOver(
  model: LanguageModel,
  rows: readonly Row[],
  { layer, origin }: Pick<FixedPartOptions, "layer" | "origin">,
) {
  const above = Array.from({ length: model.config.layers - layer - 1 }, (_, at) => layer + 1 + at);
  const caches = above.flatMap((block) => [blockTap(block, "attention.key"), blockTap(block, "attention.value")]);
  const taps = [blockTap(layer, "mlp.coefficients"), blockTap(layer, origin), blockTap(layer, "residual"), ...caches];
  return trace(model, { ids: paddedRows(rows.map(({ text }) => text.ids)), taps });
}

/** Each text from its changed token on, filled up at the end. */
function ownTokens(rows: readonly Row[], residual: Tensor) {
  const [, tokens, size] = residual.shape as [number, number, number];
  const width = Math.max(...rows.map(({ text }) => text.ids.length - text.lookup));
  const data = new Float32Array(rows.length * width * size);
  for (const [row, { text }] of rows.entries()) {
    const from = (row * tokens + text.lookup) * size;
    const until = (row * tokens + text.ids.length) * size;
    data.set((residual.data as Float32Array).subarray(from, until), row * width * size);
  }
  const positions = rows.flatMap(({ text }) =>
    Array.from({ length: width }, (_, at) => Math.min(text.lookup + at, tokens - 1 + width)),
  );
  return {
    residual: { dtype: "float32", shape: [rows.length, width, size], data } satisfies Tensor<"float32">,
    positions: tensor([rows.length, width], positions, "int64"),
    lengths: tensor(
      [rows.length],
      rows.map(({ text }) => text.lookup),
      "int64",
    ),
  };
}

function pastOf({ config }: LanguageModel, layer: number, taps: Readonly<Record<string, Tensor>>) {
  return Array.from({ length: config.layers - layer - 1 }, (_, at) => ({
    key: taps[blockTap(layer + 1 + at, "attention.key")]!,
    value: taps[blockTap(layer + 1 + at, "attention.value")]!,
  }));
}

/** Each object's tokens count alike, each text of a request alike. */
function rewriteInputs(
  rewrites: readonly Row[],
  { requests, width }: { readonly requests: number; readonly width: number },
) {
  const texts = Array.from({ length: requests }, (_, at) => rewrites.filter(({ owner }) => owner === at).length);
  const tokens = rewrites.flatMap(({ text, owner }, row) =>
    text.targets.map(({ at, id }) => ({
      owner,
      id,
      row: row * width + at - text.lookup,
      share: 1 / (texts[owner]! * text.targets.length),
    })),
  );
  const share = new Float32Array(requests * tokens.length);
  for (const [at, token] of tokens.entries()) share[token.owner * tokens.length + at] = token.share;
  const column = (pick: (token: (typeof tokens)[number]) => number) =>
    tensor([tokens.length], tokens.map(pick), "int64");
  return {
    rows: column(({ row }) => row),
    ids: column(({ id }) => id),
    share: tensor([requests, tokens.length], share),
  };
}

interface EssenceOptions {
  /** Where a request's text begins among the rows of [B · T]. */
  firstRow(at: number): number;
  readonly divergenceWeight: number;
}

async function essenceInputs(
  model: LanguageModel,
  requests: readonly EncodedRequest[],
  { firstRow, divergenceWeight }: EssenceOptions,
) {
  const rows = requests.map((_, at) => firstRow(at));
  return {
    rows: tensor([requests.length], rows, "int64"),
    // log P₀ at the subject's end of the prompt that is to stay. [F, V]
    reference: await logProbsAt(
      model,
      requests.map(({ essence }) => essence),
    ),
    weight: tensor([], [divergenceWeight]),
  };
}
