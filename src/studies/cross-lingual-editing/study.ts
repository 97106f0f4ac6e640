import { defineStudy } from "#runs";
import { claims } from "./claims.ts";
import { countWorlds } from "./controlled-arm.ts";
import { openFacts } from "./data.ts";
import { openWorkshop } from "./edit.ts";
import { type Counted, countMatrix } from "./matrix-arm.ts";
import { countMerges } from "./merge-arm.ts";
import { openSubject } from "./open-subject.ts";
import { planOf } from "./plan.ts";
import type { Prediction, Ranking } from "./predictor.ts";
import { readableFacts } from "./readable.ts";
import { subjectRecords } from "./records.ts";
import { predict, rankCandidates } from "./said-before.ts";
import { settings } from "./settings.ts";

/**
 * Editing across languages: a fact rewritten in one language, asked in all.
 *
 * Source   Banerjee et al. 2025 (NAACL, industry track, arXiv 2406.11139); its body and tables were not at hand
 */
export default defineStudy({
  id: "cross-lingual-editing",
  paper: {
    title: "Breaking Boundaries: Investigating the Effects of Model Editing on Cross-linguistic Performance",
    authors: "Somnath Banerjee, Avik Halder, Rajarshi Mandal, Sayan Layek, Ian Soboroff, Rima Hazra, Animesh Mukherjee",
    venue: "NAACL 2025, industry track",
    link: "https://arxiv.org/abs/2406.11139",
    claim:
      "An edit holds in the language it was made in, arrives in others now and then, and merging models does not change that.",
  },
  question:
    "When a fact is rewritten in one language, does the edit hold there (ELFI), does it arrive in the others (ELFO), what breaks, and what would fix it?",
  settings,
  claims,
  published: [],
  needs: {
    subject: "an open model: a folder, hf:org/name or a miniature",
    mini: "nothing: the built-in miniature of eight languages, about a minute, 1.5 GB",
    paper:
      "Mistral-7B, TowerInstruct or an Indic Llama as a folder with about 32 GB of memory each, and the facts as files",
  },
  miniatureSubjects: ["mini:atlas"],
  identify: async ({ settings, seed }) => openFacts(settings, seed).identity,
  plan: async ({ settings, seed, limit }) => planOf(openFacts(settings, seed), { settings, limit }),
  conduct: async ({ settings, subjects, run, limit, signal }) => {
    const { seed } = run.manifest;
    const seeds = Array.from({ length: settings.seeds }, (_, at) => seed + at);
    for (const [at, subject] of subjects.entries()) {
      using model = await openSubject(subject);
      const label = subject.name;
      // §7 Facts in every language, and those that cannot be asked or edited, counted.
      const opened = openFacts(settings, seed);
      const { list, leftOut } = readableFacts(model, { ...opened, list: opened.list.slice(0, limit) });
      const facts = { ...opened, list };
      const { languages } = facts;
      const workshop = openWorkshop(model, { facts, settings });
      const counted: Counted[] = [];

      // §10 What is said before any edit is made: similar keys, candidates ranked alike.
      const isMatrix = settings.arms.includes("matrix");
      const told = isMatrix ? list : [];
      const predictions = await run.step(`${label}: keys`, () => predict(workshop, told, languages) as never);
      const rankings = await run.step(`${label}: rankings`, () => rankCandidates(model, told, languages) as never);

      // §6 ELFI and ELFO, on the same facts and the same edited weights.
      const plan = { run, label, signal, seeds, arm: "matrix", model: "unmerged", facts: list, languages };
      if (isMatrix) counted.push(await countMatrix(workshop, { ...plan, editors: settings.editors }));

      // §8 The same on merged models.
      if (settings.arms.includes("merge"))
        counted.push(...(await countMerges(model, { run, label, signal, seeds, facts, settings })));

      // §10 Worlds with one knob turned: why an edit does not arrive. They need no subject.
      const isControlled = at === 0 && settings.arms.includes("controlled");
      const worlds = isControlled ? await countWorlds({ settings, run, label, signal, seeds }) : [];
      const all = [...counted, ...worlds];
      const count = {
        ...{
          cases: all.flatMap(({ cases }) => cases),
          excluded: all.flatMap(({ excluded }) => excluded),
          leftOut,
          worlds,
        },
        predictions: predictions as unknown as Prediction[],
        rankings: rankings as unknown as Ranking[],
      };
      for (const record of subjectRecords(count, { subject: label, resamples: settings.resamples, seed }))
        run.record(record);
    }
  },
});
