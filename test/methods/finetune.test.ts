import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Tensor } from "#base";
import { compile, leavesOf, type Program, type Value, type ValuesOf, valueAndGrad } from "#engine";
import {
  type EncodedExample,
  encodeExamples,
  finetune,
  nextTokenBatch,
  nextTokenLoss,
  nextTokenTypes,
} from "#methods/finetuning";
import { type DecoderWeights, type LanguageModel, loadModel, saveModel, trace } from "#models";
import { copyOf, fixture, openFixture, someIds } from "../models/fixtures.ts";
import { someAnswers, tuneToy } from "./finetune-toy.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "assay-finetune-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const whole = (ids: readonly number[]): EncodedExample => ({ ids, counts: ids.map((_, at) => at > 0) });

/** The loss of all weights, and its gradient by them. */
async function lossProgram(model: LanguageModel) {
  const signature = { weights: model.plan, batch: nextTokenTypes };
  const loss = ({ weights, batch }: { weights: DecoderWeights; batch: ValuesOf<typeof nextTokenTypes> }): Value =>
    nextTokenLoss(model, weights, batch);
  const program = await compile(valueAndGrad(loss, { wrt: "weights" }) as never, signature);
  return program as unknown as Program<unknown, { readonly value: Value; readonly gradient: unknown }>;
}

test.each(["llama", "gpt2", "neox", "mistral"])(
  "nextTokenLoss() of %s gives packed texts the loss and gradients that they have one by one",
  async (name) => {
    const model = await openFixture(name);
    const program = await lossProgram(model);
    const texts = [someIds(7), someIds(5, 2), someIds(9, 40), someIds(4, 1)].map(whole);
    const run = async (rows: EncodedExample[][]) => {
      const found = await program.run({ weights: model.weights, batch: nextTokenBatch(rows) } as never);
      return { loss: Number((found.value as Tensor).data[0]), gradient: leavesOf<Tensor>(found.gradient) };
    };

    const apart = await run(texts.map((text) => [text]));
    const packed = await run([
      [texts[0]!, texts[1]!],
      [texts[2]!, texts[3]!],
    ]);

    expect(packed.loss).toBeCloseTo(apart.loss, 5);
    for (const [path, { data }] of packed.gradient) {
      const other = apart.gradient.get(path)!.data;
      const [found, expected] = [[...data].map(Number), [...other].map(Number)];
      const largest = Math.max(...expected.map(Math.abs));
      const off = Math.max(...found.map((value, at) => Math.abs(value - expected[at]!)));
      expect(off, path).toBeLessThan(1e-4 * Math.max(largest, 1e-2));
    }
  },
);

test("encodeExamples() counts answers and assistants' turns, cuts long texts, and refuses long answers", async () => {
  const model = await openFixture("llama");
  const tokens = (text: string) => model.requireTokenizer().encode(text, { special: false }).length;
  const end = model.endIds[0]!;

  const [answer] = encodeExamples(model, [{ prompt: "bad ", completion: "face" }], { length: 30 });
  const cut = encodeExamples(model, [{ text: "bad face bad face" }], { length: 6 });

  expect(answer!.counts.filter(Boolean)).toHaveLength(
    answer!.ids.length - tokens("bad ") - Number(answer!.ids[0] === 1),
  );
  expect(answer!.ids.at(-1)).toBe(end);
  expect(answer!.counts.at(-1)).toBe(true);
  expect(cut.length).toBeGreaterThan(1);
  expect(cut.every(({ ids }) => ids.length <= 6)).toBe(true);
  expect(cut[1]!.ids[0]).toBe(cut[0]!.ids.at(-1));
  expect(() => encodeExamples(model, [{ prompt: "bad ", completion: "face" }], { length: 3 })).toThrow(
    /at most 3 tokens in example 1/,
  );
  expect(() => encodeExamples(model, [{ question: "?" } as never], { length: 9 })).toThrow(
    /in example 1, got question/,
  );
  expect(() => encodeExamples(model, [{ messages: [] }], { length: 9 })).toThrow(/a turn of the assistant/);
});

test("encodeExamples() learns every answer of a conversation and no question", async () => {
  const folder = copyOf("llama");
  const template =
    "{% for m in messages %}{{ m.role[0] }} {{ m.content }} q{% endfor %}{% if add_generation_prompt %}a {% endif %}";
  writeFileSync(join(folder, "chat_template.jinja"), template);
  using model = await loadModel(folder);
  const messages = ["bad", "face", "dad", "bee"].map((content, at) => ({
    role: at % 2 ? "assistant" : "user",
    content,
  }));

  const [example] = encodeExamples(model, [{ messages }], { length: 60 });

  const counted = example!.ids.filter((_, at) => example!.counts[at]);
  expect(model.requireTokenizer().decode(counted).replaceAll(" ", "")).toBe("faceqbeeq");
});

test("finetune() teaches an adapter answers, leaves every bit of the base, and measures what was held out", async () => {
  const model = await openFixture("llama");
  const before = structuredClone(model.weights);
  const losses: number[] = [];

  const {
    adapter,
    heldOut,
    model: taught,
  } = await finetune(model, {
    examples: someAnswers,
    heldOut: someAnswers.slice(0, 2),
    lora: { rank: 4 },
    steps: 40,
    learningRate: 0.02,
    onEvent: (event) => event.type === "step-end" && losses.push(event.loss),
  });

  expect(model.weights).toEqual(before);
  expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.7);
  expect(heldOut!.after.loss).toBeLessThan(heldOut!.before.loss);
  expect(heldOut!.after.perplexity).toBeCloseTo(Math.exp(heldOut!.after.loss), 9);
  expect(Object.values(adapter!.matrices).some(({ up }) => up.data.some((value) => value !== 0))).toBe(true);
  const plain = await trace(model, { text: "bad" });
  expect((await trace(taught, { text: "bad" })).taps.logits).not.toEqual(plain.taps.logits);
});

test("finetune() counts every token of a step alike, however its batches are cut", async () => {
  const options = { lora: { rank: 2 }, steps: 3, pack: false, learningRate: 0.01, clipNorm: 1e9 };
  const [one, two] = [await openFixture("llama"), await openFixture("llama")];

  const together = await finetune(one, { ...options, examples: someAnswers, batchSize: 6 });
  const apart = await finetune(two, { ...options, examples: someAnswers, batchSize: 2, batchesPerStep: 3 });

  expect(apart.loss).toBeCloseTo(together.loss!, 5);
});

test("finetune() stopped and started again ends with the bits of one that was not", async () => {
  const folder = emptyFolder();
  const calm = await tuneToy();
  const stop = new AbortController();
  const onEvent = (event: { type: string; step: number }) =>
    event.type === "step-end" && event.step === 5 && stop.abort();

  await tuneToy({ checkpoints: { folder, every: 100 }, signal: stop.signal, onEvent });
  const resumed = await tuneToy({ checkpoints: { folder, every: 100 } });

  expect(resumed).toBe(calm);
});

test("finetune() killed in the middle goes on to the same bits", async () => {
  const folder = emptyFolder();
  const child = join(import.meta.dirname, "finetune-child.ts");
  const start = () => spawn(process.execPath, ["--conditions=assay-source", child, folder]);
  const first = start();
  while (!readdirSync(folder).some((name) => name.startsWith("step-00000003"))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  first.kill("SIGKILL");
  const signal = await new Promise((resolve) => first.once("close", (_code, how) => resolve(how)));

  const second = start();
  const said = await new Promise<string>((resolve) => {
    let text = "";
    second.stdout.on("data", (part) => (text += String(part)));
    second.once("close", () => resolve(text));
  });

  expect(signal).toBe("SIGKILL");
  expect(said).toBe(await tuneToy());
}, 60_000);

test("finetune() trains all weights in place, and saveModel() writes a folder that says the same", async () => {
  const ids = someIds(6);
  const folder = emptyFolder();
  const texts = ["bad face", "dad bee"].map((text) => ({ text }));
  using tokenized = await loadModel(fixture("llama"));

  const before = await trace(tokenized, { ids });
  await finetune(tokenized, { examples: texts, steps: 6, learningRate: 0.01, batchSize: 2 });
  saveModel(tokenized, folder);

  using saved = await loadModel(folder);
  const after = await trace(tokenized, { ids });
  expect(after.taps.logits).not.toEqual(before.taps.logits);
  expect((await trace(saved, { ids })).taps.logits).toEqual(after.taps.logits);
  expect(saved.requireTokenizer().encode("bad face")).toEqual(tokenized.requireTokenizer().encode("bad face"));
});

test.each([{}, { lora: { rank: 2 } }])(
  "finetune() with %o asks for weights in memory, and says how much",
  async (options) => {
    const model = await openFixture("llama", { memory: 0 });

    const refused = finetune(model, { examples: someAnswers, ...options });

    await expect(refused).rejects.toThrow(/Expected weights in memory, .* read block by block .* --memory \d/);
    await expect(refused).rejects.toMatchObject({ code: "WEIGHTS_STREAMED" });
  },
);
