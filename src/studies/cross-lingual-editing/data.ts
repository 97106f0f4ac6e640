import { withAlignedTexts } from "./aligned-texts.ts";
import type { Facts } from "./fact.ts";
import type { Settings } from "./settings.ts";
import { atlasStudyFacts } from "./source-atlas.ts";
import { bmlamaFacts } from "./source-bmlama.ts";
import { counterfactFacts } from "./source-counterfact.ts";

const sources = {
  atlas: atlasStudyFacts,
  bmlama53: bmlamaFacts,
  counterfact: counterfactFacts,
} satisfies Record<Settings["source"], (settings: Settings, seed: number) => Facts>;

/** The facts of a run. @throws UsageError FACTS_MISSING; AssayError FILE_MISSING, FACTS_INVALID */
export function openFacts(settings: Settings, seed: number): Facts {
  return withAlignedTexts(sources[settings.source](settings, seed), settings.momentTexts);
}

/** The seeds of a run, of which each draws facts, prefixes, fine-tunes and worlds of its own. */
export const seedsOf = (count: number, first: number): number[] => Array.from({ length: count }, (_, at) => first + at);
