/**
 * What a model thinks of objects after prompts: many texts in a pass, logits only where an object is predicted.
 *
 * Axes     B texts · T tokens · N predicting positions · C hidden size · V vocabulary
 */
import { AssayError, mean, tensor } from "#base";
import { compile, crossEntropy, gather, range, tensorType, type Value } from "#engine";
import { tokenAccuracy } from "#evals/metrics";
import type { DecoderWeights, LanguageModel } from "#models";

/** An object behind a prompt, judged by teacher forcing: each of its tokens given the right ones before it. */
export interface Scored {
  /** Mean log-probability of its tokens, in nats. */
  readonly logProb: number;
  /** The share of its tokens that are the likeliest at their place. */
  readonly accuracy: number;
  /** 1 when all of them are, so that greedy decoding gives the object. */
  readonly exact: number;
  /** The likeliest token at each place, whatever the object's is. */
  readonly likeliest: readonly number[];
}

/** A prompt and what is to follow it. */
export interface Asked {
  readonly prompt: string;
  readonly object: string;
}

interface Encoded {
  readonly ids: readonly number[];
  /** The place of the object's first token. */
  readonly from: number;
}

/** Tokens in one pass. */
const tokensAtOnce = 4096;

/** Judges objects behind prompts, in their order. @throws AssayError CONTEXT_TOO_LONG, TARGET_INVALID */
export async function readObjects(model: LanguageModel, asked: readonly Asked[]): Promise<Scored[]> {
  const encoded = asked.map((one) => encode(model, one));
  const order = [...encoded.keys()].sort((a, b) => encoded[a]!.ids.length - encoded[b]!.ids.length || a - b);
  const scored = new Array<Scored>(asked.length);
  for (const batch of batches(order, encoded)) {
    const found = await run(
      model,
      batch.map((at) => encoded[at]!),
    );
    for (const [row, at] of batch.entries()) scored[at] = found[row]!;
  }
  return scored;
}

/** Prompt and object as one text, which a space parts; special tokens behind it are no part of the object. */
function encode(model: LanguageModel, { prompt, object }: Asked): Encoded {
  const tokenizer = model.requireTokenizer();
  const spans = tokenizer.spans(`${prompt} ${object}`.normalize("NFC"));
  const last = spans.findLastIndex(({ start, end }) => end > start);
  const ids = spans.slice(0, last + 1).map(({ id }) => id);
  const from = spans.findIndex(({ start, end }) => end > start && end > prompt.normalize("NFC").length);
  if (from < 1 || ids.length === from) {
    throw new AssayError(
      "TARGET_INVALID",
      `cross-lingual-editing: Expected an object of a token or more after "${prompt}", got "${object}"`,
    );
  }
  if (ids.length <= model.config.contextLength) return { ids, from };
  const claim = `Expected at most ${model.config.contextLength} tokens, got ${ids.length} in "${prompt}"`;
  throw new AssayError("CONTEXT_TOO_LONG", `${model.name}: ${claim}`);
}

/** Texts of like lengths together. */
function batches(order: readonly number[], encoded: readonly Encoded[]): number[][] {
  const all: number[][] = [];
  for (const at of order) {
    const current = all.at(-1);
    const width = encoded[at]!.ids.length;
    if (current !== undefined && (current.length + 1) * width <= tokensAtOnce) current.push(at);
    else all.push([at]);
  }
  return all;
}

const types = {
  inputIds: tensorType("int64", ["B", "T"]),
  positions: tensorType("int64", ["N"]),
  targets: tensorType("int64", ["N"]),
};

interface ReadValues {
  readonly weights: DecoderWeights;
  readonly inputIds: Value;
  readonly positions: Value;
  readonly targets: Value;
}

function build({ family, config }: LanguageModel) {
  return ({ weights, inputIds, positions, targets }: ReadValues) => {
    const pass = { positions: range(inputIds.shape[1]!) };
    let residual = family.embed(inputIds, weights.embedding, { config, pass }); // [B, T, C]
    for (const [layer, block] of weights.blocks.entries()) {
      residual = family.block(residual, block, { config, pass, layer });
    }
    const picked = gather(residual.reshape([-1, config.hiddenSize]), positions).reshape([1, -1, config.hiddenSize]);
    const logits = family.unembed(picked, weights, { config, pass }).reshape([-1, config.vocabularySize]); // [N, V]
    return { losses: crossEntropy(logits, targets, { reduction: "none" }), likeliest: logits.argMax() };
  };
}

async function run(model: LanguageModel, texts: readonly Encoded[]): Promise<Scored[]> {
  const program = await model.program(
    "cross-lingual-editing|objects",
    () => compile(build(model) as never, { weights: model.plan, ...types } as never) as never,
  );
  const width = Math.max(...texts.map(({ ids }) => ids.length)) - 1;
  const ids = texts.flatMap((text) =>
    Array.from({ length: width }, (_, at) => (at < text.ids.length - 1 ? text.ids[at]! : 0)),
  );
  const places = texts.flatMap((text, row) =>
    text.ids.slice(text.from).map((id, offset) => ({ id, at: row * width + text.from + offset - 1 })),
  );
  const found = (await program.run({
    weights: model.weights,
    inputIds: tensor([texts.length, width], ids, "int64"),
    positions: tensor(
      [places.length],
      places.map(({ at }) => at),
      "int64",
    ),
    targets: tensor(
      [places.length],
      places.map(({ id }) => id),
      "int64",
    ),
  } as never)) as unknown as { losses: { data: Float32Array }; likeliest: { data: BigInt64Array } };
  let next = 0;
  return texts.map(({ ids: all, from }) => {
    const targets = all.slice(from);
    const places = targets.map(() => next++);
    return scoredOf(targets, {
      likeliest: places.map((at) => Number(found.likeliest.data[at])),
      losses: places.map((at) => found.losses.data[at]!),
    });
  });
}

function scoredOf(
  targets: readonly number[],
  { likeliest, losses }: { likeliest: readonly number[]; losses: readonly number[] },
): Scored {
  const accuracy = tokenAccuracy(likeliest, targets);
  return { logProb: -mean(losses), accuracy, exact: Number(accuracy === 1), likeliest };
}
