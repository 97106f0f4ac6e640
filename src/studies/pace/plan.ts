import type { Plan } from "#runs";
import type { PictureSet } from "./pictures.ts";
import type { Settings } from "./settings.ts";

/** What a run would compute. */
export function planOf(
  { train, test }: PictureSet,
  { settings, limit }: { readonly settings: Settings; readonly limit?: number | undefined },
): Plan {
  const [known, asked] = [train.slice(0, limit).length, test.slice(0, limit).length];
  const fits = settings.explainers.length * settings.seeds * (settings.candidates + 1);
  const path = settings.concepts === 0 ? [`K is chosen: ${settings.conceptPath.length} fits more`] : [];
  const looked = known * (settings.stability > 0 ? 2 : 1) + asked * 2;
  return {
    ...{ samples: looked, calls: looked, images: looked, imageBytes: 0, inputTokens: 0, outputTokens: 0 },
    notes: [
      `${known} pictures to learn from and ${asked} to test, each of these perturbed once`,
      `${settings.explainers.length} explainers, ${settings.candidates} settings each, ${settings.seeds} seeds: ${fits} fits`,
      ...path,
      "memory: 4 bytes for each number of each patch (196 × 768 of them in a picture of ViT-B/16)",
    ],
  };
}
