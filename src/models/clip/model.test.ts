import { join } from "node:path";
import { expect, test } from "vitest";
import { type Tensor, tensor } from "#base";
import { compile, typesOf, type Value, valueAndGrad } from "#engine";
import { loadDualEncoder } from "../load-dual-encoder.ts";
import { type ClipInputs, clip, embedPictures, embedTexts } from "./model.ts";
import { type ClipWeights, isClipBuffer } from "./weights.ts";

const folder = join(import.meta.dirname, "../../../test/golden/models/clip");
const pixels = tensor(
  [2, 3, 8, 8],
  Float32Array.from({ length: 384 }, (_, at) => Math.cos(at * 0.9)),
);
const inputIds = tensor([3, 4], [62, 5, 9, 63, 62, 7, 63, 63, 62, 63, 63, 63], "int64");

test("clip() is the scaled cosine of what embedPictures() and embedTexts() give, and its scale is trained", async () => {
  const { config, weights } = await loadDualEncoder(folder);
  const given = { weights, pixels, inputIds };
  const loss = ({ weights: values, ...seen }: ClipInputs & { weights: ClipWeights }) => {
    const logits = clip(seen, values, { config });
    const vectors = embedPictures(seen.pixels, values.vision, config.vision);
    return { loss: logits.sum(), logits, vectors, words: embedTexts(seen.inputIds, values.text, config.text) };
  };
  const program = await compile(
    valueAndGrad(loss as never, { wrt: "weights.scale" } as never) as never,
    typesOf(given) as never,
  );

  const found = (await program.run(given as never)) as unknown as Found;

  const { logits, vectors, words } = found.value;
  const scale = Math.exp(Number(weights.scale.data[0]));
  for (let row = 0; row < 6; row++) {
    const [picture, text] = [Math.floor(row / 3), row % 3];
    const cosine = Array.from(
      { length: 8 },
      (_, at) => Number(vectors.data[picture * 8 + at]) * Number(words.data[text * 8 + at]),
    );
    expect(Number(logits.data[row])).toBeCloseTo(scale * cosine.reduce((sum, one) => sum + one, 0), 4);
  }
  // ∂ Σ e^s c / ∂ s is the sum itself.
  const total = Array.from(logits.data as Float32Array).reduce((sum, one) => sum + one, 0);
  expect(Number(found.gradient.data[0])).toBeCloseTo(total, 3);
});

interface Found {
  readonly value: { readonly logits: Tensor; readonly vectors: Tensor; readonly words: Tensor };
  readonly gradient: Tensor;
}

test("embedTexts() sees nothing behind the first end token", async () => {
  const { config, weights } = await loadDualEncoder(folder);
  const build = ({ weights: values, ids }: { weights: ClipWeights["text"]; ids: Value }) => ({
    words: embedTexts(ids, values, config.text),
  });
  const types = { weights: typesOf(weights.text), ids: { dtype: "int64", shape: ["M", "T"] } };
  const program = await compile(build as never, types as never);
  const wordsOf = async (ids: Tensor) =>
    (await program.run({ weights: weights.text, ids } as never)) as unknown as { words: Tensor };

  const short = await wordsOf(tensor([1, 3], [62, 7, 63], "int64"));
  const long = await wordsOf(tensor([1, 6], [62, 7, 63, 9, 11, 63], "int64"));

  for (const [at, value] of short.words.data.entries())
    expect(Number(long.words.data[at])).toBeCloseTo(Number(value), 5);
  expect([isClipBuffer("text_model.embeddings.position_ids"), isClipBuffer("logit_scale")]).toEqual([true, false]);
});
