import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { stream, type Tensor, tensor } from "#base";
import type { Tokenizer } from "#formats";
import { type LanguageModel, loadModel, trace } from "#models";
import {
  type Ablation,
  ablate,
  ablations,
  conceptLexicon,
  discoverConceptVectors,
  downMapPath,
  expectLayer,
  expectPlace,
  inverseEdit,
  meanRow,
  normOf,
  projectLayer,
  projectToVocabulary,
  rootMeanSquare,
  scoreColumns,
  stackRows,
  tokensOfRow,
  topicEntropy,
  unembeddingOf,
  validateCausally,
  valueVector,
  valueVectors,
  vectorsToProject,
  withValueVectors,
} from "./index.ts";
import { RunningTop } from "./top-tokens.ts";

const opened: LanguageModel[] = [];
afterEach(() => {
  for (const model of opened.splice(0)) model.close();
});

async function tiny(name = "llama", memory?: number): Promise<LanguageModel> {
  const folder = `${import.meta.dirname}/../../../test/golden/models/${name}`;
  const model = await loadModel(folder, memory === undefined ? {} : { memory });
  opened.push(model);
  return model;
}

function normal(shape: readonly [number, number], name: string): Tensor<"float32"> {
  const random = stream(9, name);
  return tensor(
    shape,
    Array.from({ length: shape[0] * shape[1] }, () => random.normal()),
  );
}

/** The k largest of E v by a plain loop in the fixed order. */
function plainTop(vectors: Tensor<"float32">, unembedding: Tensor<"float32">, { row, k }: { row: number; k: number }) {
  const size = vectors.shape[1]!;
  const scores = Array.from({ length: unembedding.shape[0]! }, (_, id) => {
    let score = 0;
    for (let at = 0; at < size; at++) score += vectors.data[row * size + at]! * unembedding.data[id * size + at]!;
    return { id, score };
  });
  return scores
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, k)
    .map(({ id }) => id);
}

test.each([
  [200, 512, 2048],
  [5, 3, 4],
  [7, 1, 41],
])(
  "projectToVocabulary() keeps the %i largest whatever the blocks (%i, %i)",
  async (k, rowsPerBlock, tokensPerBlock) => {
    const [vectors, unembedding] = [normal([11, 6], "vectors"), normal([41, 6], "unembedding")];

    const top = await projectToVocabulary({ vectors, unembedding }, { k, rowsPerBlock, tokensPerBlock });

    expect(top.k).toBe(Math.min(k, 41));
    for (const row of [0, 5, 10])
      expect([...top.ids.subarray(row * top.k, (row + 1) * top.k)]).toEqual(
        plainTop(vectors, unembedding, { row, k: top.k }),
      );
  },
);

test("RunningTop gives equal scores to the lower id, and lets nothing in that is no number", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 1, 2, Number.NaN), { minLength: 5, maxLength: 90 }),
      fc.integer({ min: 1, max: 5 }),
      (scores, width) => {
        const running = new RunningTop(1, 3);
        for (let first = 0; first < scores.length; first += width) {
          const block = Float32Array.from(scores.slice(first, first + width));
          running.take(block, { rows: 1, width: block.length, first });
        }
        const expected = scores
          .map((score, id) => ({ score, id }))
          .filter(({ score }) => !Number.isNaN(score))
          .sort((a, b) => b.score - a.score || a.id - b.id)
          .slice(0, 3);
        const { ids } = running.finish();
        expect([...ids].slice(0, expected.length)).toEqual(expected.map(({ id }) => id));
      },
    ),
  );
});

test("projectToVocabulary() refuses other sizes and no tokens at all", async () => {
  const [vectors, unembedding] = [normal([2, 6], "vectors"), normal([4, 5], "unembedding")];

  await expect(projectToVocabulary({ vectors, unembedding })).rejects.toMatchObject({ code: "SHAPE_MISMATCH" });
  await expect(projectToVocabulary({ vectors, unembedding }, { k: 0 })).rejects.toMatchObject({ code: "OPTION_RANGE" });
});

test("valueVectors() are the rows of the down map, and the same streamed as in memory", async () => {
  const [whole, streamed] = [await tiny(), await tiny("llama", 0)];

  const [first, second] = [valueVectors(whole, 1), valueVectors(streamed, 1)];

  expect(first.shape).toEqual([24, 16]);
  expect(second.data).toEqual(first.data);
  expect(valueVector(whole, { layer: 1, column: 3 })).toEqual(first.data.slice(48, 64));
  expect(downMapPath(1)).toBe("blocks.1.mlp.down.weight");
  expect(unembeddingOf(whole).shape).toEqual([64, 16]);
});

test("expectPlace() and expectLayer() say what there is, and for whom", async () => {
  const { config } = await tiny();

  expect(() => expectPlace({ layer: 40, column: 0 }, config)).toThrow("layer from 0 to 1, got 40");
  expect(() => expectPlace({ layer: 0, column: -1 }, config)).toThrow("column from 0 to 23, got -1");
  expect(() => expectPlace({ layer: 0.5, column: 1 }, config)).toThrow("got 0.5");
  expect(() => expectLayer(2, config, "Poland")).toThrow("Poland: Expected a layer from 0 to 1, got 2");
});

test("withValueVectors() changes one row, shares the rest, and inverseEdit() undoes it", async () => {
  const model = await tiny();
  const place = { layer: 0, column: 5 };

  const edit = ablate(model, place, { kind: "sign-flip" });
  const changed = withValueVectors(model, [edit]);

  expect(valueVector(changed, place)).toEqual(valueVector(model, place).map((value) => -value));
  expect(valueVectors(changed, 1)).toBe(valueVectors(model, 1));
  expect(valueVectors(withValueVectors(changed, [inverseEdit(edit)]), 0).data).toEqual(valueVectors(model, 0).data);
  expect(() => withValueVectors(changed, [edit])).toThrow(/Expected the vector that the edit was made from/);
  expect(() => withValueVectors(model, [{ ...edit, after: new Float32Array(3) }])).toThrow(/16 numbers, got 3/);
});

test("withValueVectors() changes a streamed model as one in memory, and leaves the given one alone", async () => {
  const place = { layer: 1, column: 3 };
  const [whole, streamed] = [await tiny(), await tiny("llama", 0)];
  const before = valueVector(whole, place);
  const edit = { ...place, before, after: before.map((value) => 2 * value) };
  const ids = [1, 2, 3];
  const logitsOf = async (model: LanguageModel) =>
    Array.from((await trace(model, { ids, taps: ["logits"] })).taps.logits!.data as Float32Array);

  const [expected, changed] = [withValueVectors(whole, [edit]), withValueVectors(streamed, [edit])];

  expect(changed.isStreamed).toBe(true);
  const [inMemory, block] = [await logitsOf(expected), await logitsOf(changed)];
  for (const [at, value] of block.entries()) expect(value).toBeCloseTo(inMemory[at]!, 4);
  expect(valueVector(streamed, place)).toEqual(before);
});

test("ablate() does what its name says", async () => {
  const model = await tiny();
  const place = { layer: 1, column: 2 };
  const before = valueVector(model, place);
  const after = (ablation: Ablation) => ablate(model, place, ablation).after;

  expect(after({ kind: "zero" }).every((value) => value === 0)).toBe(true);
  expect(after({ kind: "mean" })).toEqual(meanRow(valueVectors(model, 1)));
  expect(after({ kind: "noise", sigma: 0 })).toEqual(before);
  const noise = after({ kind: "noise", sigma: 100 });
  const relative = after({ kind: "relative-noise", sigma: 100 / rootMeanSquare(before) });
  for (const [at, value] of noise.entries()) expect(relative[at]).toBeCloseTo(value, 2);
  expect(rootMeanSquare(noise) / 100).toBeGreaterThan(0.5);
  expect(Object.keys(ablations)).toHaveLength(5);
  expect(() => after({ kind: "zeroes" as never })).toThrow(/"zero"/);
  expect(() => after({ kind: "noise", sigma: -1 })).toThrow(/zero or more/);
});

/** A tokenizer that knows words, in the order in which they come. */
function wordTokenizer(): Tokenizer {
  const words: string[] = [];
  const idOf = (word: string) => (words.includes(word) ? words.indexOf(word) : words.push(word) - 1);
  const encode = (text: string) => text.split(" ").map(idOf);
  return { encode, decode: ([id]: number[]) => words[id!]!, idOf } as never;
}

test("conceptLexicon() keeps what the article has more of than the texts around it", () => {
  const tokenizer = wordTokenizer();
  const article = "the dragon saw the dragon and the dragon of gold slept";
  const background = [
    "the king saw gold and the king of the gold slept",
    "the queen slept and saw the gold of the king",
  ];

  const alone = conceptLexicon(article, { tokenizer });
  const compared = conceptLexicon(article, { tokenizer, background, level: 0.05 });

  expect(alone).toEqual(new Set(["dragon", "saw", "gold", "slept"].map((word) => tokenizer.idOf(word))));
  expect(compared).toEqual(new Set([tokenizer.idOf("dragon")]));
  expect(() => conceptLexicon("of it", { tokenizer })).toThrow(/words of its own/);
});

test("scoreColumns() finds the planted column and no other, and topicEntropy() is zero for one topic", () => {
  const random = stream(2, "columns");
  const k = 10;
  const ids = new Int32Array(50 * k);
  for (let row = 0; row < 50; row++) {
    const drawn = new Set<number>();
    while (drawn.size < k) drawn.add(20 + random.int(480));
    ids.set([...drawn], row * k);
  }
  const lexicon = new Set(Array.from({ length: 20 }, (_, at) => at));
  ids.set([0, 1, 2, 3, 4, 5], 17 * k);

  const scores = scoreColumns({ k, ids, scores: new Float32Array(50 * k) }, lexicon, { vocabularySize: 500 });

  expect(scores.filter(({ q }) => q < 0.05).map(({ column, overlap }) => [column, overlap])).toEqual([[17, 6]]);
  expect(topicEntropy([0, 1, 2], [lexicon, new Set([99])])).toBe(0);
  expect(topicEntropy([0, 99], [lexicon, new Set([99])])).toBeCloseTo(Math.LN2, 12);
});

test("discoverConceptVectors() finds the value vector that was planted, in its layer", async () => {
  const model = await tiny();
  const place = { layer: 1, column: 9 };
  const after = valueVector(model, { layer: 0, column: 0 }).map((value, at) => 3 * value + (at % 3));
  const written = await projectToVocabulary(
    { vectors: stackRows([after]), unembedding: unembeddingOf(model) },
    { k: 6 },
  );
  const lexicon = new Set(written.ids);
  const planted = withValueVectors(model, [{ ...place, before: valueVector(model, place), after }]);

  const [found] = await discoverConceptVectors(planted, [lexicon], { k: 6 });
  const [strong] = await discoverConceptVectors(planted, [lexicon], { k: 6, strongest: 0.1, layers: [1] });

  expect(found![0]).toMatchObject({ ...place });
  expect(strong![0]).toMatchObject({ ...place });
  await expect(discoverConceptVectors(model, [lexicon], { layers: [5] })).rejects.toMatchObject({
    code: "LAYER_OUT_OF_RANGE",
  });
  await expect(discoverConceptVectors(model, [lexicon], { strongest: 0 })).rejects.toMatchObject({
    code: "OPTION_RANGE",
  });
});

test("projectLayer() projects plain, centred or scaled, and tokensOfRow() writes its tokens", async () => {
  const model = await tiny();

  const [plain, centred, scaled] = [
    vectorsToProject(model, 0),
    vectorsToProject(model, 0, "centred"),
    vectorsToProject(model, 0, "scaled"),
  ];

  const norm = (model.source.outer.finalNorm as { scale: Tensor<"float32"> }).scale.data;
  expect(plain).toBe(valueVectors(model, 0));
  expect(Math.max(...meanRow(centred).map(Math.abs))).toBeLessThan(1e-6);
  expect(scaled.data[18]).toBeCloseTo(plain.data[18]! * norm[2]!, 6);
  const top = await projectLayer(model, 0, { k: 3, variant: "centred" });
  expect(tokensOfRow(model, top, 2)).toHaveLength(3);
  const bare = await tiny("olmo");
  expect(() => vectorsToProject(bare, 0, "scaled")).toThrow(/Expected scales/);
});

test("validateCausally() starts every ablation from fresh weights and asks which suffered more", async () => {
  const model = await tiny();
  const place = { layer: 0, column: 3 };
  const seen: number[] = [];

  const effects = await validateCausally(model, place, {
    ablations: [{ kind: "zero" }, { kind: "noise", sigma: 0 }],
    async measure(changed) {
      const vector = valueVector(changed, place);
      seen.push(normOf(vector));
      return { target: normOf(vector) > 0 ? 1 : 0.2, unrelated: 1 };
    },
  });

  expect(seen).toEqual([0, normOf(valueVector(model, place))]);
  expect(effects.map(({ isCausal }) => isCausal)).toEqual([true, false]);
});
