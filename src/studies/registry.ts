import { suggestion, UsageError } from "#base";
import type { StudyModule } from "./module.ts";

const modules = {
  "concept-vectors": async () => (await import("./concept-vectors/module.ts")).default,
  "cross-lingual-editing": async () => (await import("./cross-lingual-editing/module.ts")).default,
  "long-code-arena": async () => (await import("./long-code-arena/module.ts")).default,
  mmneedle: async () => (await import("./mmneedle/module.ts")).default,
  pace: async () => (await import("./pace/module.ts")).default,
} satisfies Record<string, () => Promise<StudyModule>>;

/** The studies that this version holds. */
export type StudyId = keyof typeof modules;

/** Their names, in the order of the README. */
export const studyIds = Object.keys(modules) as readonly StudyId[];

/** Loads one study and nothing of the others. @throws UsageError UNKNOWN_STUDY with the nearest known name */
export async function loadStudy(id: string): Promise<StudyModule> {
  if (!Object.hasOwn(modules, id)) {
    throw new UsageError("UNKNOWN_STUDY", `assay: Expected a study, got "${id}"${suggestion(id, studyIds)}`);
  }
  return modules[id as StudyId]();
}
