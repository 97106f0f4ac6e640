import { expect, test } from "vitest";
import type { Tensor } from "#base";
import { createLora, withAdapters } from "#methods/adapters";
import { generate } from "#models";
import { openFixture, someIds, someVector } from "./fixtures.ts";

test.each(["llama", "gpt2", "neox", "olmo"])(
  "generate() with freeze gives the texts and probabilities that it gives without, for %s",
  async (name) => {
    const model = await openFixture(name);
    const options = {
      ...{ maxTokens: 9, ignoreEnd: true },
      edits: [{ tap: "blocks.1.residual", add: someVector(16) }],
    };
    const prompts = [someIds(5), someIds(9, 2)];

    const usual = await generate(model, prompts, options);
    const frozen = await generate(model, prompts, { ...options, freeze: true });

    for (const [at, { ids, logProbs }] of frozen.entries()) {
      expect(ids).toEqual(usual[at]!.ids);
      for (const [place, logProb] of logProbs.entries()) expect(logProb).toBeCloseTo(usual[at]!.logProbs[place]!, 4);
    }
  },
);

test("generate() with freeze keeps to the weights of its first run, and takes adapters in", async () => {
  const model = await openFixture("llama");
  const adapter = createLora(model, { rank: 2 });
  for (const { up } of Object.values(adapter.matrices)) up.data.fill(0.5);
  const adapted = withAdapters(model, { taught: { adapter } });
  const options = { maxTokens: 6, ignoreEnd: true };
  const [expected] = await generate(adapted, [someIds(4)], options);

  const [frozen] = await generate(adapted, [someIds(4)], { ...options, freeze: true });
  (model.weights.unembedding as Tensor<"float32">).data.fill(0);
  const [later] = await generate(adapted, [someIds(1)], { ...options, maxTokens: 2, freeze: true });

  expect(frozen!.ids).toEqual(expected!.ids);
  // The prompt's pass reads the changed weights, the token after it does not.
  expect(later!.logProbs[0]).toBeCloseTo(-Math.log(64), 4);
  expect(later!.logProbs[1]).not.toBeCloseTo(-Math.log(64), 2);
});
