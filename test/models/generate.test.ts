import { expect, test } from "vitest";
import { type GenerateOptions, generate, trace } from "#models";
import { openFixture, someIds, someVector } from "./fixtures.ts";

const families = ["llama", "mistral", "qwen3", "gemma", "gemma2", "gpt2", "neox", "olmo"];
const endless: GenerateOptions = { ignoreEnd: true, maxTokens: 12 };

test.each(families)(
  "generate() of %s with kept keys and values takes the tokens that whole texts give",
  async (name) => {
    const model = await openFixture(name);
    const prompts = [someIds(4), someIds(9, 1), someIds(1, 40)];

    const found = await generate(model, prompts, endless);

    for (const [row, { ids, logProbs }] of found.entries()) {
      const { taps } = await trace(model, { ids: [...prompts[row]!, ...ids] });
      const logits = taps.logits!.data as Float32Array;
      for (const [at, id] of ids.entries()) {
        const from = (prompts[row]!.length - 1 + at) * 64;
        const here = [...logits.subarray(from, from + 64)];
        const largest = Math.max(...here);
        const total = Math.log(here.reduce((sum, value) => sum + Math.exp(value - largest), 0));
        expect(here[id]).toBeGreaterThan(largest - 1e-4);
        expect(logProbs[at]).toBeCloseTo(here[id]! - largest - total, 4);
      }
    }
  },
);

test.each(families)("generate() of %s: a text does not notice the others in its batch", async (name) => {
  const model = await openFixture(name);
  const prompts = [someIds(4), someIds(9, 1), someIds(1, 40)];

  const together = await generate(model, prompts, endless);

  for (const [row, prompt] of prompts.entries()) {
    const [alone] = await generate(model, [prompt], endless);
    expect(together[row]!.ids).toEqual(alone!.ids);
  }
});

test("generate() run block by block gives the same texts", async () => {
  const [whole, streamed] = [await openFixture("neox"), await openFixture("neox", { memory: 0 })];
  const prompts = [someIds(4), someIds(9, 1)];

  const [first, second] = [await generate(whole, prompts, endless), await generate(streamed, prompts, endless)];

  expect(second.map(({ ids }) => ids)).toEqual(first.map(({ ids }) => ids));
});

test("generate() ends at the end token, which is in neither text nor ids", async () => {
  const model = await openFixture("llama");
  const [free] = await generate(model, [someIds(4)], endless);
  const end = free!.ids[3]!;
  const ending = Object.assign(await openFixture("llama"), { endIds: [end] });

  const [found] = await generate(ending, [someIds(4)], { maxTokens: 12 });

  expect(found).toMatchObject({ finishReason: "stop", ids: free!.ids.slice(0, free!.ids.indexOf(end)) });
});

test("generate() ends before a stop string and streams exactly the text that it returns", async () => {
  const model = await openFixture("llama");
  const [free] = await generate(model, ["Hi there"], { ...endless, maxTokens: 20 });
  const stop = free!.text!.slice(5, 8);
  const streamed: string[] = [];

  const [found] = await generate(model, ["Hi there"], {
    ...endless,
    maxTokens: 20,
    stop: [stop],
    onToken: ({ delta }) => streamed.push(delta),
  });

  expect(found).toMatchObject({ finishReason: "stop", text: free!.text!.slice(0, free!.text!.indexOf(stop)) });
  expect(streamed.join("")).toBe(found!.text);
});

test("generate() draws the same for the same seed, and another text for another seed", async () => {
  const model = await openFixture("llama");
  const drawn = async (seed: number) =>
    (await generate(model, [someIds(4), someIds(4)], { ...endless, temperature: 1.2, seed })).map(({ ids }) => ids);

  const [first, again, other] = [await drawn(1), await drawn(1), await drawn(2)];

  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(first[0]).not.toEqual(first[1]);
});

test("generate() with topK 1 is greedy at any temperature", async () => {
  const model = await openFixture("gpt2");

  const [greedy] = await generate(model, [someIds(4)], endless);
  const [drawn] = await generate(model, [someIds(4)], { ...endless, temperature: 5, topK: 1 });

  expect(drawn!.ids).toEqual(greedy!.ids);
});

test("generate() fills the context to its last place and no further", async () => {
  const model = await openFixture("gpt2");

  const [found] = await generate(model, [someIds(30)], { ...endless, maxTokens: 50 });

  expect(found).toMatchObject({ finishReason: "length" });
  expect(found!.ids.length).toBe(3);
});

test("generate() goes on with others while one text has filled the context", async () => {
  const model = await openFixture("gpt2");

  const [full, free] = await generate(model, [someIds(31), someIds(4)], endless);

  const [alone] = await generate(model, [someIds(4)], endless);
  expect(full!.ids.length).toBe(2);
  expect(free!.ids).toEqual(alone!.ids);
});

test("generate() with an edit at every token is another text", async () => {
  const model = await openFixture("llama");
  const edit = { tap: "blocks.0.residual", add: someVector(16) };

  const [plain] = await generate(model, [someIds(4)], endless);
  const [steered] = await generate(model, [someIds(4)], { ...endless, edits: [edit] });

  const { taps } = await trace(model, { ids: [...someIds(4), ...steered!.ids], edits: [edit] });
  const logits = [...(taps.logits!.data as Float32Array)];
  const likeliest = steered!.ids.map((_, at) => {
    const here = logits.slice((3 + at) * 64, (4 + at) * 64);
    return here.indexOf(Math.max(...here));
  });
  expect(steered!.ids).not.toEqual(plain!.ids);
  expect(steered!.ids).toEqual(likeliest);
});

test("generate() stops between two tokens when it is told to", async () => {
  const model = await openFixture("llama");
  const controller = new AbortController();

  const generating = generate(model, [someIds(4)], {
    ...endless,
    signal: controller.signal,
    onToken: () => controller.abort(),
  });

  await expect(generating).rejects.toMatchObject({ code: "ABORTED" });
});

test("generate() that was told to stop before it began gives no token", async () => {
  const model = await openFixture("llama");
  let tokens = 0;

  const generating = generate(model, [someIds(4)], {
    ...endless,
    signal: AbortSignal.abort(),
    onToken: () => tokens++,
  });

  await expect(generating).rejects.toMatchObject({ code: "ABORTED" });
  expect(tokens).toBe(0);
});

test("generate() without log-probabilities writes the same texts", async () => {
  const model = await openFixture("llama");
  const drawn = { ...endless, temperature: 1, seed: 3 };

  const [told] = await generate(model, [someIds(4)], drawn);
  const [untold] = await generate(model, [someIds(4)], { ...drawn, logProbs: false });

  expect(told!.logProbs).toHaveLength(told!.ids.length);
  expect(untold).toEqual({ ...told, logProbs: [] });
});

test.each([true, false])(
  "generate() stops at logits that are no numbers, log-probabilities wanted: %s",
  async (logProbs) => {
    const model = await openFixture("llama");
    const scale = model.weights.finalNorm as { scale: { data: Float32Array } };
    scale.scale.data.fill(3e38);

    const generating = generate(model, [someIds(4)], { ...endless, logProbs });

    await expect(generating).rejects.toMatchObject({ code: "LOGITS_NOT_FINITE" });
  },
);

test.each([
  ...[{ temperature: -1 }, { topK: 0 }, { topP: 0 }, { topP: 1.5 }],
  ...[{ maxTokens: Number.NaN }, { maxTokens: -1 }, { maxTokens: 2.5 }],
])("generate() refuses %j", async (options) => {
  const model = await openFixture("llama");

  await expect(generate(model, [[1]], options)).rejects.toMatchObject({ code: "OPTION_RANGE" });
});
