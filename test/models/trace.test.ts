import { expect, test } from "vitest";
import { tensor } from "#base";
import { blockTaps, editGradient, modelTaps, trace } from "#models";
import { openFixture, someIds, someVector } from "./fixtures.ts";

const ways = [
  ["whole", {}],
  ["block by block", { memory: 0 }],
] as const;

test.each(["llama", "gpt2", "neox-sequential", "olmo"])(
  "%s has every canonical tap in its documented shape",
  async (name) => {
    const model = await openFixture(name);
    const { hiddenSize, intermediateSize, heads, keyValueHeads, headSize, vocabularySize } = model.config;
    const sizes: Record<string, number> = { B: 1, T: 7, S: 7, C: hiddenSize, I: intermediateSize, H: heads };
    Object.assign(sizes, { Hk: keyValueHeads, D: headSize, V: vocabularySize });
    const documented = Object.entries({
      ...modelTaps,
      ...Object.fromEntries(Object.entries(blockTaps).map(([tap, about]) => [`blocks.1.${tap}`, about])),
    });

    const { taps } = await trace(model, { ids: someIds(7), taps: documented.map(([tap]) => tap) });

    for (const [tap, { shape }] of documented) {
      const expected = shape
        .slice(1, -1)
        .split(", ")
        .map((axis) => sizes[axis]);
      expect(taps[tap]!.shape, tap).toEqual(expected);
    }
  },
);

test.each(ways)(
  "trace() run %s: a replaced residual is what the rest of the model goes on with",
  async (_, options) => {
    const model = await openFixture("llama", options);
    const donor = await trace(model, { ids: someIds(6, 11), taps: ["blocks.0.residual", "logits"] });

    const patched = await trace(model, {
      ids: someIds(6, 2),
      edits: [{ tap: "blocks.0.residual", replace: donor.taps["blocks.0.residual"]! }],
    });

    expect(patched.taps.logits).toEqual(donor.taps.logits);
  },
);

test.each(ways)("trace() run %s: a vector added at one token changes it and later ones alone", async (_, options) => {
  const model = await openFixture("neox", options);
  const ids = someIds(6);

  const plain = await trace(model, { ids, taps: ["blocks.1.residual", "blocks.0.mlp.output"] });
  const edited = await trace(model, {
    ids,
    taps: ["blocks.1.residual", "blocks.0.mlp.output"],
    edits: [{ tap: "blocks.0.mlp.output", positions: [3], add: someVector(16) }],
  });

  const rows = (found: typeof plain, tap: string) => {
    const data = [...(found.taps[tap]!.data as Float32Array)];
    return ids.map((_id, at) => data.slice(at * 16, (at + 1) * 16));
  };
  const [before, after] = [rows(plain, "blocks.1.residual"), rows(edited, "blocks.1.residual")];
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  for (const at of [3, 4, 5]) expect(after[at]).not.toEqual(before[at]);
  const added = rows(edited, "blocks.0.mlp.output")[3]!.map(
    (value, at) => value - rows(plain, "blocks.0.mlp.output")[3]![at]!,
  );
  expect(added).toEqual([...someVector(16).data].map((value) => expect.closeTo(Number(value), 5)));
});

test("trace() with two edits of one tap makes them follow each other", async () => {
  const model = await openFixture("gpt2");
  const tap = "blocks.1.residual";
  const ids = someIds(4);
  const zero = { tap, replace: tensor([16], new Array(16).fill(0)) };

  const { taps } = await trace(model, { ids, taps: [tap], edits: [zero, { tap, add: someVector(16) }] });

  const rows = ids.flatMap(() => [...someVector(16).data]);
  expect([...taps[tap]!.data]).toEqual(rows);
});

test.each(ways)("trace() run %s: an edited attention pattern is what values are mixed with", async (_, options) => {
  const model = await openFixture("gpt2", options);
  const taps = ["blocks.0.attention.heads", "blocks.0.attention.value"];
  const itself = tensor([4, 4], [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);

  const found = await trace(model, {
    ids: someIds(4),
    taps,
    edits: [{ tap: "blocks.0.attention.pattern", replace: itself }],
  });

  expect([...found.taps[taps[0]!]!.data]).toEqual([...found.taps[taps[1]!]!.data]);
});

test.each(ways)("trace() run %s names the nearest taps for one that there is not", async (_, options) => {
  const model = await openFixture("llama", options);

  const tracing = trace(model, { ids: [1], taps: ["blocks.0.mlp.outputs"] });

  await expect(tracing).rejects.toThrow(/got "blocks\.0\.mlp\.outputs"; .*mlp\.output/);
});

test("trace() refuses positions outside the text, an edit that does nothing, and texts of unequal lengths", async () => {
  const model = await openFixture("llama");
  const tap = "blocks.0.residual";
  const edited = (edit: object) => trace(model, { ids: someIds(4), edits: [{ tap, ...edit }] });

  await expect(edited({ positions: [4], add: someVector(16) })).rejects.toThrow("Expected positions from 0 to 3");
  await expect(edited({})).rejects.toThrow("got neither");
  await expect(edited({ add: someVector(16), replace: someVector(16) })).rejects.toThrow("got both");
  await expect(trace(model, { ids: [[1, 2], [3]] })).rejects.toThrow("Expected texts of one length, got 2, 1");
  await expect(trace(model, {})).rejects.toThrow("Expected either a text or ids");
});

const tapsToEdit = ["embedding", "blocks.0.mlp.output", "blocks.0.residual", "blocks.1.attention.output", "finalNorm"];

test.each(
  ways.flatMap(([way, options]) => ["llama", "gpt2", "neox", "olmo"].map((name) => [name, way, options] as const)),
)("editGradient() of %s run %s agrees with finite differences at every kind of tap", async (name, _, options) => {
  const model = await openFixture(name, options);
  const text = { promptIds: someIds(4), continuationIds: [7, 2] };
  const step = 2e-3;

  for (const tap of tapsToEdit) {
    const at = async (moved: number) => {
      const vector = someVector(16);
      (vector.data as Float32Array)[5]! += moved;
      return editGradient(model, { text, edit: { tap, positions: [1, 3], add: vector } });
    };
    const [{ gradient }, more, less] = [await at(0), await at(step), await at(-step)];
    const expected = (more.loss - less.loss) / (2 * step);
    expect(Math.abs(Number(gradient.data[5]) - expected), tap).toBeLessThan(2e-3 * Math.max(1, Math.abs(expected)));
  }
});
