import { expect, test, vi } from "vitest";
import type { Tensor } from "#base";
import { createLora, withAdapters } from "#methods/adapters";
import { type GenerateOptions, generate, loadModel } from "#models";
import { changeConfig, copyOf, openFixture, someIds, someVector } from "./fixtures.ts";

test.each(["llama", "gpt2", "neox", "olmo"])(
  "generate() with freeze gives the texts and probabilities that it gives without, for %s",
  async (name) => {
    const model = await openFixture(name);
    const options = {
      maxTokens: 9,
      ignoreEnd: true,
      edits: [{ tap: "blocks.1.residual", add: someVector(16) }],
    };
    const prompts = [someIds(5), someIds(9, 2)];

    const usual = await generate(model, prompts, { ...options, freeze: false });
    const frozen = await generate(model, prompts, { ...options, freeze: true });

    for (const [at, { ids, logProbs }] of frozen.entries()) {
      expect(ids).toEqual(usual[at]!.ids);
      for (const [place, logProb] of logProbs.entries()) expect(logProb).toBeCloseTo(usual[at]!.logProbs[place]!, 4);
    }
  },
);

test("generate() with freeze sees weights that have changed since, and takes adapters in", async () => {
  const model = await openFixture("llama");
  const adapter = createLora(model, { rank: 2 });
  for (const { up } of Object.values(adapter.matrices)) up.data.fill(0.5);
  const adapted = withAdapters(model, { taught: { adapter } });
  const options = { maxTokens: 6, ignoreEnd: true };
  const [expected] = await generate(adapted, [someIds(4)], { ...options, freeze: false });

  const [frozen] = await generate(adapted, [someIds(4)], { ...options, freeze: true });
  (model.weights.unembedding as Tensor<"float32">).data.fill(0);
  const [later] = await generate(adapted, [someIds(1)], { ...options, maxTokens: 3, freeze: true });

  expect(frozen!.ids).toEqual(expected!.ids);
  for (const logProb of later!.logProbs) expect(logProb).toBeCloseTo(-Math.log(64), 4);
});

test("generate() builds the weights in by itself where a text may become long and nothing is edited", async () => {
  const folder = copyOf("llama");
  changeConfig(folder, { max_position_embeddings: 128 });
  using model = await loadModel(folder);
  const frozen = vi.spyOn(model, "frozenProgram");
  const calls = async (options: GenerateOptions) => {
    frozen.mockClear();
    await generate(model, [someIds(1)], { ignoreEnd: true, ...options });
    return frozen.mock.calls.length;
  };

  const [long, short] = [await calls({ maxTokens: 64 }), await calls({ maxTokens: 63 })];
  const refused = await calls({ maxTokens: 64, freeze: false });
  const edited = await calls({ maxTokens: 64, edits: [{ tap: "blocks.1.residual", add: someVector(16) }] });

  expect([long, short, refused, edited]).toEqual([63, 0, 0, 0]);
});

test("generate() goes on with new programs on a model that was closed", async () => {
  const model = await openFixture("llama");
  const [before] = await generate(model, [someIds(2)], { maxTokens: 4, freeze: true });

  model.close();

  const [after] = await generate(model, [someIds(2)], { maxTokens: 4, freeze: true });
  expect(after!.ids).toEqual(before!.ids);
});
