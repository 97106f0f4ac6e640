import type { Concepts } from "./concept.ts";
import type { Settings } from "./settings.ts";
import { encyclopediaConcepts } from "./source-encyclopedia.ts";
import { officialConcepts } from "./source-official.ts";

/** The concepts of a run. @throws UsageError CONCEPTS_MISSING; AssayError FILE_MISSING, CONCEPTS_INVALID */
export function openConcepts(settings: Settings, seed: number): Concepts {
  return settings.source === "encyclopedia" ? encyclopediaConcepts(settings, seed) : officialConcepts(settings);
}
