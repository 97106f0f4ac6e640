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

const folderChange = z.object({
  folder: z.string(),
  /** The patches that are on it now, in the order in which they came. */
  patches: list(z.object({ id: z.string(), method: z.string(), needs: list(z.string()) })),
  changed: list(z.string()),
});

const editRequest = z.object({
  id: z.string(),
  subject: z.string(),
  prompt: z.string(),
  target: z.string(),
  old: z.string().optional(),
  language: z.string(),
});

const editedRequest = z.object({
  id: z.string(),
  request: editRequest,
  /** Mean surprise of the object's tokens on the bare prompt, in nats. */
  surprise: z.object({ before: z.number(), after: z.number() }),
  isGreedy: z.boolean(),
  target: z
    .object({ deltaNorm: z.number(), originNorm: z.number(), evaluations: z.number(), loss: z.number() })
    .nullable(),
  keyDotDirection: z.number().nullable(),
});

const editedMatrix = z.object({
  path: z.string(),
  layer: z.number(),
  rank: z.number(),
  before: z.string(),
  after: z.string(),
  storage: z.string(),
  norm: z.number(),
  relativeNorm: z.number(),
  statistics: z.string(),
  condition: z.number().nullable(),
  ridge: z.number().nullable(),
  residual: z.number().nullable(),
});

const inspected = z.object({
  model: z.string(),
  family: z.string(),
  parameters: z.number(),
  config: z.record(z.string(), z.unknown()),
  storage: z.object({ bytes: z.number(), types: z.record(z.string(), z.number()) }),
  unknownKeys: list(z.string()),
  spareTensors: list(z.string()),
  taps: z.record(z.string(), z.object({ shape: z.string(), meaning: z.string() })),
});

const inspectedLanguageModel = inspected.extend({
  tokenizer: z.object({ vocabularySize: z.number() }).nullable(),
  hasChatTemplate: z.boolean(),
  predicted: z.object({
    isStreamed: z.boolean(),
    memoryBytes: z.number(),
    loadSeconds: z.number(),
    passSeconds: z.number(),
    decodeSeconds: z.number(),
    tokens: z.number(),
    measured: z.object({ readBytesPerSecond: z.number(), flopsPerSecond: z.number() }),
  }),
});

const inspectedVisionModel = inspected.extend({
  kind: z.literal("vision"),
  /** What a picture goes through. */
  pictures: z.record(z.string(), z.unknown()),
  /** Names in the order of the logits; null without a classifier. */
  classes: list(z.string()).nullable(),
});

const inspectedDualEncoder = inspected.extend({
  kind: z.literal("dual encoder"),
  pictures: z.record(z.string(), z.unknown()),
  tokenizer: z.object({ vocabularySize: z.number() }).nullable(),
  /** The cosine below which it answers that nothing matches; null where nobody measured one. */
  threshold: z.number().nullable(),
});

/** What the commands of the bench print after `--json`. */
export const modelDocuments = {
  "model inspect": z.union([inspectedLanguageModel, inspectedVisionModel, inspectedDualEncoder]),
  "model explain": z.object({
    model: z.string(),
    method: z.string(),
    /** Where the explanation comes from. */
    source: z.string(),
    pictures: list(
      z.object({
        file: z.string(),
        answer: z.string(),
        probability: z.number(),
        /** Patches downwards and across. */
        grid: list(z.number()),
        /** θ: the picture's share of each concept; empty for attributions. */
        shares: list(z.number()),
        /** For each patch, rows from the top: its share of each concept, or its one score. */
        patches: list(list(z.number())),
        /** What was written. */
        files: list(z.string()),
      }),
    ),
  }),
  "model trace": z.object({
    ids: list(list(z.number())),
    taps: z.record(z.string(), z.object({ shape: list(z.number()), data: list(z.number().nullable()) })),
  }),
  "model score": z.union([score, z.object({ scores: list(score) })]),
  "model train": z.union([trainedMiniature, finetuned]),
  "model edit": z.object({
    file: z.string(),
    id: z.string(),
    format: z.string(),
    version: z.number(),
    method: z.string(),
    model: z.string(),
    /** Hash of all weights that the edit was made for. */
    base: z.string(),
    settings: z.record(z.string(), json),
    matrices: list(editedMatrix),
    requests: list(editedRequest),
    excluded: z.record(z.string(), z.number()),
    warnings: list(z.string()),
  }),
  "model apply": folderChange,
  "model revert": folderChange,
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
