import type { Plan } from "#runs";
import type { Concepts } from "./concept.ts";
import { costNotes, predictCost, workOf } from "./cost.ts";
import type { Settings } from "./settings.ts";

/** What a plan is made for. */
export interface Planning {
  readonly settings: Settings;
  readonly limit?: number | undefined;
  /** The models; without them memory and time are not predicted. */
  readonly subjects?: readonly string[] | undefined;
}

/** What a run would compute, and for models that are named what it takes on this machine. */
export async function planOf({ list, notes }: Concepts, { settings, limit, subjects = [] }: Planning): Promise<Plan> {
  const concepts = list.slice(0, limit);
  const methods = settings.after === "" ? settings.methods.length : 1;
  const runs = concepts.length * methods * settings.seeds;
  const work = workOf(concepts, settings);
  const asked = Math.round(work.written / settings.maxTokens);
  const costs: string[] = [];
  for (const place of subjects) costs.push(...costNotes(place, await predictCost(place, { concepts, settings })));
  const searched = concepts.filter(({ place }) => place === undefined).length;
  return {
    samples: asked,
    calls: asked,
    images: 0,
    imageBytes: 0,
    inputTokens: Math.round(work.read),
    outputTokens: asked * settings.maxTokens,
    notes: [
      `${concepts.length} concepts, ${methods} methods, ${settings.seeds} seeds: ${runs} models that forget`,
      `training reads about ${Math.round(work.trained)} tokens`,
      ...(settings.judge === "" ? [] : [`${settings.judge} is asked ${searched * settings.judged} questions`]),
      ...costs,
      ...notes,
    ],
  };
}
