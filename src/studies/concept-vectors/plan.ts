import type { Plan } from "#runs";
import type { Concepts } from "./concept.ts";
import type { Settings } from "./settings.ts";

/** Bytes of float32 that training keeps of each weight: start, copy, gradient, and Adam's two moments. */
const bytesOfWeight = 5 * 4;

/** What a run would compute. Time and memory follow from the number of weights, which only the subject knows. */
export function planOf(
  { list, notes }: Concepts,
  { settings, limit }: { readonly settings: Settings; readonly limit?: number | undefined },
): Plan {
  const concepts = list.slice(0, limit);
  const methods = settings.after === "" ? settings.methods.length : 1;
  const runs = concepts.length * methods * settings.seeds;
  const questions = concepts.reduce((sum, { groups }) => sum + Object.values(groups).flat().length, 0);
  const asked = questions * (1 + methods * settings.seeds);
  const characters = concepts.reduce((sum, { article }) => sum + article.length, 0);
  const trained = (characters / 4) * settings.epochs * methods * settings.seeds;
  return {
    ...{ samples: asked, calls: asked, images: 0, imageBytes: 0 },
    inputTokens: Math.round(asked * 40),
    outputTokens: asked * settings.maxTokens,
    notes: [
      `${concepts.length} concepts, ${methods} methods, ${settings.seeds} seeds: ${runs} models that forget`,
      `memory: ${bytesOfWeight} bytes for each weight that is trained; a model of 7 billion takes ${(7 * bytesOfWeight).toFixed(0)} GB`,
      `time: 6 floating-point operations for each weight and each of about ${Math.round(trained)} tokens of training,`,
      "  and 2 for each of those that are read or written; divide by the speed that assay doctor measures",
      ...notes,
    ],
  };
}
