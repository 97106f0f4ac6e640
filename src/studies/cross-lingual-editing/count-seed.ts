/** The method, on the facts that one seed draws: said before, edited and asked, merged and edited again, explained. */
import type { LanguageModel } from "#models";
import type { Run } from "#runs";
import { countWorlds } from "./controlled-arm.ts";
import { openWorkshop } from "./edit.ts";
import type { Facts } from "./fact.ts";
import { type Counted, countMatrix } from "./matrix-arm.ts";
import { countMerges } from "./merge-arm.ts";
import type { SubjectCount } from "./records.ts";
import { predict, rankCandidates } from "./said-before.ts";
import type { Settings } from "./settings.ts";

/** What a seed works on. */
export interface SeedPlan {
  readonly settings: Settings;
  /** Facts that the model can be asked about. */
  readonly facts: Facts;
  readonly run: Run;
  /** What steps are called after: subject and seed. */
  readonly label: string;
  readonly signal: AbortSignal;
  readonly seed: number;
  /** Whether worlds are trained here: they need no subject, and one is enough. */
  readonly hasWorlds: boolean;
}

/** Counts every arm that the settings name. */
export async function countSeed(model: LanguageModel, { hasWorlds, ...plan }: SeedPlan): Promise<SubjectCount> {
  const { settings, facts, run, label, seed } = plan;
  const { list, languages } = facts;
  const workshop = openWorkshop(model, { facts, settings });
  const counted: Counted[] = [];

  // §10 What is said before any edit is made: similar keys, candidates ranked alike.
  const isMatrix = settings.arms.includes("matrix");
  const told = { facts: isMatrix ? list : [], languages, seed };
  const predictions = await run.step(`${label}: keys`, () => predict(workshop, told));
  const rankings = await run.step(`${label}: rankings`, () => rankCandidates(model, told));

  // §6 ELFI and ELFO, on the same facts and the same edited weights.
  const matrix = { ...plan, arm: "matrix", model: "unmerged", facts: list, languages, editors: settings.editors };
  if (isMatrix) counted.push(await countMatrix(workshop, matrix));

  // §8 The same on merged models.
  const merges = settings.arms.includes("merge") ? await countMerges(model, plan) : [];

  // §10 Worlds with one knob turned: why an edit does not arrive.
  const worlds = hasWorlds && settings.arms.includes("controlled") ? await countWorlds(plan) : [];
  const all = [...counted, ...merges, ...worlds];
  return {
    cases: all.flatMap(({ cases }) => cases),
    excluded: all.flatMap(({ excluded }) => excluded),
    leftOut: facts.leftOut,
    merges,
    worlds,
    predictions,
    rankings,
  };
}
