import { z } from "zod";
import { json, list } from "./parts.ts";

const scoredToken = z.object({
  id: z.number(),
  token: z.string(),
  logProb: z.number(),
  isLikeliest: z.boolean(),
});

const generation = z.object({
  text: z.string().nullable(),
  ids: list(z.number()),
  logProbs: list(z.number()),
  promptTokens: z.number(),
  finishReason: z.enum(["stop", "length"]),
});

const score = z.object({
  logProb: z.number(),
  tokens: list(scoredToken),
  isGreedy: z.boolean(),
  promptTokens: z.number(),
  join: z.string(),
});

const trainedMiniature = z.object({
  miniature: z.string(),
  status: z.enum(["finished", "stopped"]),
  folder: z.string(),
  aims: list(
    z.object({
      name: z.string(),
      value: z.number(),
      target: z.number(),
      direction: z.enum(["at least", "below"]),
      met: z.boolean(),
    }),
  ),
  measured: z.record(z.string(), json),
});

const heldOut = z.object({ loss: z.number(), perplexity: z.number(), accuracy: z.number() });

const finetuned = z.object({
  model: z.string(),
  status: z.enum(["finished", "stopped"]),
  step: z.number(),
  loss: z.number().nullable(),
  /** How many numbers were trained. */
  trained: z.number(),
  folder: z.string(),
  heldOut: z.object({ before: heldOut, after: heldOut }).nullable(),
});

/** What the commands of the bench print after `--json`. */
export const modelDocuments = {
  "model inspect": z.object({
    model: z.string(),
    family: z.string(),
    parameters: z.number(),
    config: z.record(z.string(), z.unknown()),
    storage: z.object({ bytes: z.number(), types: z.record(z.string(), z.number()) }),
    tokenizer: z.object({ vocabularySize: z.number() }).nullable(),
    hasChatTemplate: z.boolean(),
    unknownKeys: list(z.string()),
    spareTensors: list(z.string()),
    taps: z.record(z.string(), z.object({ shape: z.string(), meaning: z.string() })),
    predicted: z.object({
      isStreamed: z.boolean(),
      memoryBytes: z.number(),
      loadSeconds: z.number(),
      passSeconds: z.number(),
      decodeSeconds: z.number(),
      tokens: z.number(),
      measured: z.object({ readBytesPerSecond: z.number(), flopsPerSecond: z.number() }),
    }),
  }),
  "model trace": z.object({
    ids: list(list(z.number())),
    taps: z.record(z.string(), z.object({ shape: list(z.number()), data: list(z.number().nullable()) })),
  }),
  "model score": z.union([score, z.object({ scores: list(score) })]),
  "model train": z.union([trainedMiniature, finetuned]),
  "model unlearn": z.object({
    method: z.string(),
    folder: z.string(),
    steps: z.number(),
    loss: z.number().nullable(),
    trained: list(z.string()),
    warning: z.string().nullable(),
  }),
  "model merge": z.object({
    method: z.string(),
    folder: z.string(),
    models: list(z.string()),
    tensors: z.number(),
    vocabulary: z.object({ tokens: z.number(), known: list(z.number()) }).nullable(),
  }),
  "model generate": z.union([generation, z.object({ generations: list(generation) })]),
  "model export": z.object({ files: list(z.string()), inputs: list(z.string()), outputs: list(z.string()) }),
} as const satisfies Readonly<Record<string, z.ZodType>>;
