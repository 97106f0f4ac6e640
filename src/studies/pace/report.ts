import type { Report } from "#report";
import { type Run, thawSettings } from "#runs";
import type { ReportOptions } from "../module.ts";
import { reportOpening, subjectKinds } from "../reported.ts";
import { countFigures, desiderataFigures, figuresOf } from "./figures.ts";
import type { Settings } from "./settings.ts";
import { storedExaminees } from "./stored.ts";
import study from "./study.ts";
import { desiderataTable, explainersTable, paperTables, variantsTable } from "./tables.ts";

/** Everything that a run of the study shows, pictures first. */
export async function report(run: Run, { pictures }: ReportOptions): Promise<Report> {
  const settings = thawSettings(study.settings, run.manifest.settings) as Settings;
  const records = run.records();
  const rows = { records, kinds: subjectKinds(run) };
  return {
    title: "PACE: what a vision transformer sees",
    ...reportOpening(run, study),
    tables: [desiderataTable(rows), variantsTable(rows), explainersTable(rows), ...paperTables(rows)],
    figures: pictures
      ? [...figuresOf(run, storedExaminees(run)), ...countFigures(records), ...desiderataFigures(records)]
      : [],
    opensWithFigures: true,
    groups: [],
    remarks: remarksOf(settings),
  };
}

function remarksOf({ mode, perturbation, candidates, classToken }: Settings): string[] {
  return [
    `Inference is label-free: φ never sees the answer that θ is asked to predict, except in the row "leaked". Mode ${mode}; the class token is ${classToken === "yes" ? "a patch among others" : "left out"}.`,
    "K, α, weights and the estimator of θ stand in every row: raw stability and sparsity depend on them more than on the explainer.",
    "A flat θ is perfectly steady: read chance-corrected stability (1 is another picture's distance) and retrieval beside the raw number.",
    perturbation === "simclr"
      ? "Pictures are perturbed as in the paper; grey and turned hues take away what classes of colours are told by, so a low stability there is partly blindness to colour."
      : "Pictures are flipped and get noise of 3 %; colours stay.",
    `Every explainer may try ${candidates === 1 ? "one setting" : `${candidates} settings`} and keeps the one that is most faithful on held-out training pictures; PCA and the mean embedding have nothing to try.`,
  ];
}
