import type { Plan } from "#runs";
import { costNotes, predictCost } from "./cost.ts";
import type { PictureSet } from "./pictures.ts";
import type { Settings } from "./settings.ts";

/** What a plan is made for. */
export interface Planning {
  readonly settings: Settings;
  readonly limit?: number | undefined;
  /** The models; the paper's ViT-B/16 where none is named. */
  readonly subjects?: readonly string[] | undefined;
}

/** What a run would compute, and what that takes on this machine. */
export async function planOf(
  { train, test, dataset }: PictureSet,
  { settings, limit, subjects }: Planning,
): Promise<Plan> {
  const [known, asked] = [train.slice(0, limit).length, test.slice(0, limit).length];
  const fits = settings.explainers.length * settings.seeds * (settings.candidates + 1);
  const path = settings.concepts === 0 ? [`K is chosen: ${settings.conceptPath.length} fits more`] : [];
  const looked = known * (settings.stability > 0 ? 2 : 1) + asked * 2;
  const costs: string[] = [];
  for (const place of dataset === "dump" ? [] : (subjects ?? [undefined])) {
    const cost = await predictCost(place, { looked, known, asked }, settings);
    costs.push(...costNotes(place ?? "ViT-B/16", cost));
  }
  return {
    samples: looked,
    calls: looked,
    images: looked,
    imageBytes: 0,
    inputTokens: 0,
    outputTokens: 0,
    notes: [
      `${known} pictures to learn from and ${asked} to test, each of these perturbed once`,
      `${settings.explainers.length} explainers, ${settings.candidates} settings each, ${settings.seeds} seeds: ${fits} fits`,
      ...path,
      ...costs,
    ],
  };
}
