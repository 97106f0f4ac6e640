/** One small fine-tuning, for the tests that stop and kill it. */
import { createHash } from "node:crypto";
import { type FinetuneOptions, finetune } from "#methods/finetuning";
import { loadModel } from "#models";
import { fixture } from "../models/fixtures.ts";

/** Answers to be learned after prompts, by a tokenizer of 64 tokens. */
export const someAnswers = ["cab", "bad", "face", "dad", "bee", "add"].map((word, at) => ({
  prompt: `${at}: `,
  completion: word,
}));

/** Trains an adapter with dropout on the tiny Llama. @returns a hash of its bits */
export async function tuneToy(options: Partial<FinetuneOptions> = {}): Promise<string> {
  using model = await loadModel(fixture("llama"));
  const lora = { rank: 2, dropout: 0.25, targets: ["attention.query", "mlp.down"] };
  const settings = { examples: someAnswers, lora, steps: 12, batchSize: 2, batchesPerStep: 2, learningRate: 0.02 };
  const { adapter } = await finetune(model, { ...settings, threads: 1, ...options });
  const hash = createHash("sha256");
  for (const { down, up } of Object.values(adapter!.matrices)) hash.update(down.data).update(up.data);
  return hash.digest("hex");
}
