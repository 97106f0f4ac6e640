/** The numbers of every editor: as published for the models that have been tried, and how others are met. */
import type { DecoderConfig, LanguageModel } from "#models";
import type { EditToken } from "./encode.ts";
import type { TargetSettings } from "./optimize.ts";
import type { PrefixOptions } from "./prefixes.ts";

/** All numbers of an edit of one matrix. */
export interface RomeSettings extends TargetSettings {
  readonly layer: number;
  /** Default `subject`. */
  readonly token?: EditToken;
  readonly prefixes: PrefixOptions["lengths"];
}

/** All numbers of an edit that is spread over layers. */
export interface MemitSettings extends TargetSettings {
  /** R, ascending; the target is sought at the last. */
  readonly layers: readonly number[];
  /** Default `subject`. */
  readonly token?: EditToken;
  readonly prefixes: PrefixOptions["lengths"];
  /** λ: how much the mean of k kᵀ counts beside the keys of the batch. */
  readonly covarianceWeight: number;
}

/** Which model a row of settings is for. */
export interface SettingsRow {
  readonly model: string;
  /** Where the numbers were read; our own say so. */
  readonly source: string;
  readonly matches: { readonly family: string; readonly layers: number; readonly hiddenSize: number };
  /** ε of the ridge on C, in shares of its mean diagonal. */
  readonly epsilon: number;
  readonly rome: RomeSettings;
  readonly memit: MemitSettings;
}

const shared = { learningRate: 0.5, steps: 20, decay: 0.5, divergenceWeight: 0.0625, clamp: 4, enough: 0.05 } as const;
const romePrefixes = [
  { tokens: 5, count: 10 },
  { tokens: 10, count: 10 },
] as const;
const memitPrefixes = [{ tokens: 10, count: 5 }] as const;

const romeOf = (layer: number, numbers: Partial<TargetSettings> = {}): RomeSettings => ({
  ...shared,
  ...numbers,
  layer,
  prefixes: romePrefixes,
});

interface MemitRow extends Partial<TargetSettings> {
  readonly layers: readonly number[];
  readonly covarianceWeight: number;
}

const memitOf = ({ layers, covarianceWeight, ...numbers }: MemitRow): MemitSettings => ({
  ...shared,
  clamp: 0.75,
  ...numbers,
  layers,
  covarianceWeight,
  prefixes: memitPrefixes,
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

const inLlama = { steps: 25, decay: 0.001, clamp: 4 } as const;

const miniature: Omit<RomeSettings, "layer"> = {
  learningRate: 4,
  steps: 40,
  decay: 0,
  divergenceWeight: 0,
  clamp: 50,
  enough: 0.05,
  token: "prompt",
  prefixes: [],
};

/** Settings by model; the rows of GPT-2 medium and large have no published MEMIT, so its layers end at ROME's. */
export const editSettings: readonly SettingsRow[] = [
  {
    model: "gpt2-medium",
    source: "kmeng01/rome, hparams; MEMIT's layers are ours",
    matches: { family: "gpt2", layers: 24, hiddenSize: 1024 },
    epsilon: 1e-4,
    rome: romeOf(8, { clamp: 3 }),
    memit: memitOf({ layers: range(4, 8), covarianceWeight: 20000 }),
  },
  {
    model: "gpt2-large",
    source: "kmeng01/rome, hparams; MEMIT's layers are ours",
    matches: { family: "gpt2", layers: 36, hiddenSize: 1280 },
    epsilon: 1e-4,
    rome: romeOf(12),
    memit: memitOf({ layers: range(8, 12), covarianceWeight: 20000 }),
  },
  {
    model: "gpt2-xl",
    source: "kmeng01/rome and kmeng01/memit, hparams",
    matches: { family: "gpt2", layers: 48, hiddenSize: 1600 },
    epsilon: 1e-4,
    rome: romeOf(17),
    memit: memitOf({ layers: range(13, 17), covarianceWeight: 20000 }),
  },
  {
    model: "Llama-2-7B, Mistral-7B and others of their shape",
    source: "zjunlp/EasyEdit, hparams",
    matches: { family: "llama", layers: 32, hiddenSize: 4096 },
    epsilon: 1e-4,
    rome: romeOf(5, inLlama),
    memit: memitOf({ ...inLlama, layers: range(4, 8), covarianceWeight: 15000 }),
  },
  {
    // It never saw a text that goes on after an answer, so prefixes and "… is a" are noise to it; its residuals are a
    // hundred times those of GPT-2, so steps are larger; and its subjects are read in block 0, before any edit could
    // reach them: what it knows is looked up at the last token of the prompt. See docs/guides/edit-a-model.md.
    model: "mini:atlas",
    source: "ours, by scans of layers, tokens and rates on sixteen English facts, which a study may draw again",
    matches: { family: "llama", layers: 4, hiddenSize: 128 },
    epsilon: 1e-2,
    rome: { ...miniature, layer: 1 },
    memit: { ...miniature, layers: [1], covarianceWeight: 1 },
  },
];

/** How an unknown model is met: a third of the way up, where the published rows stand. */
function guessed({ layers }: DecoderConfig): Omit<SettingsRow, "matches"> {
  const layer = Math.max(0, Math.round(layers / 3) - 1);
  return {
    model: "unknown",
    source: "ours: a third of the way up; scan the layers before trusting it",
    epsilon: 1e-4,
    rome: romeOf(layer),
    memit: memitOf({ layers: range(Math.max(0, layer - 4), layer), covarianceWeight: 20000 }),
  };
}

/** The settings for a model: its row, or a guess that says so. */
export function settingsFor({ family, config }: LanguageModel): Omit<SettingsRow, "matches"> {
  const row = editSettings.find(
    ({ matches }) =>
      matches.family === family.name && matches.layers === config.layers && matches.hiddenSize === config.hiddenSize,
  );
  return row ?? guessed(config);
}
