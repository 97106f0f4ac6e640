/** The models that the paper names, and what editing one of them takes on this machine. */

import { predictEditing, productSpeed } from "#models";
import { llamaSizes } from "#models/llama";

/** One model of the paper, as far as its abstract and digests name it. */
export interface PaperModel {
  readonly name: string;
  readonly languages: string;
  /** The row of the table of sizes whose shape it has. */
  readonly shape: "mistral-7b-v0.1" | "llama-2-7b";
  /** Rows of its embedding beyond that shape's; null where nobody could tell. */
  readonly moreTokens: number | null;
}

/**
 * Their shapes: 32 blocks of Llama 2 or Mistral. TowerInstruct has 32,007 rows; how far the Indic Llamas extend the
 * vocabulary could not be read, so that their prediction is a lower bound.
 */
export const paperModels: readonly PaperModel[] = [
  { name: "Mistral-7B", languages: "en de fr it es", shape: "mistral-7b-v0.1", moreTokens: 0 },
  { name: "TowerInstruct-7B", languages: "en de fr it es", shape: "llama-2-7b", moreTokens: 7 },
  { name: "OpenHathi-7B", languages: "hi en", shape: "llama-2-7b", moreTokens: null },
  { name: "Tamil-Llama-7B", languages: "ta en", shape: "llama-2-7b", moreTokens: null },
  { name: "Kan-Llama-7B", languages: "kn en", shape: "llama-2-7b", moreTokens: null },
];

/** One line a model: memory for it and one layer's statistics, and time for so many edits at this machine's speed. */
export async function paperNotes(edits: number): Promise<string[]> {
  const { hiddenSize, intermediateSize } = llamaSizes["mistral-7b-v0.1"].config;
  const flopsPerSecond = await productSpeed({ hiddenSize, intermediateSize }, 64);
  return paperModels.map(({ name, languages, shape, moreTokens }) => {
    const { config, parameters } = llamaSizes[shape];
    const rows = (moreTokens ?? 0) * config.hiddenSize * 2;
    const found = predictEditing({ config, parameters: parameters + rows }, { edits, flopsPerSecond });
    const least = moreTokens === null ? "at least " : "";
    return `${name} (${languages}): ${least}${(found.memoryBytes / 1e9).toFixed(0)} GB, at most about ${duration(found.seconds)} for ${edits} edits here`;
  });
}

function duration(seconds: number): string {
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} minutes`;
  return seconds < 172_800 ? `${(seconds / 3600).toFixed(1)} hours` : `${(seconds / 86_400).toFixed(1)} days`;
}
