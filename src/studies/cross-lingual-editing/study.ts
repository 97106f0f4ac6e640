import { defineStudy } from "#runs";
import { claims } from "./claims.ts";
import { countSeed } from "./count-seed.ts";
import { openFacts, seedsOf } from "./data.ts";
import { openSubject } from "./open-subject.ts";
import { planOf, stepsOf } from "./plan.ts";
import { readableFacts } from "./readable.ts";
import { joined, type SubjectCount, subjectRecords } from "./records.ts";
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
  identify: async ({ settings, seed }) => seedsOf(settings.seeds, seed).map((one) => openFacts(settings, one).identity),
  plan: async ({ settings, seed, limit }) => planOf(openFacts(settings, seed), { settings, limit }),
  conduct: async ({ settings, subjects, run, limit, signal }) => {
    const { seed } = run.manifest;
    for (const [at, subject] of subjects.entries()) {
      using model = await openSubject(subject);
      const hasWorlds = at === 0;
      const draws = seedsOf(settings.seeds, seed).map((one) => ({
        seed: one,
        facts: readableFacts(model, openFacts(settings, one), limit),
      }));
      for (const { facts } of draws) run.foresee(stepsOf(facts, { settings, hasWorlds }));
      const counts: SubjectCount[] = [];
      for (const draw of draws) {
        const label = `${subject.name}: seed ${draw.seed}`;
        counts.push(await countSeed(model, { ...draw, settings, run, label, signal, hasWorlds }));
      }
      const options = { subject: subject.name, resamples: settings.resamples, seed };
      for (const record of subjectRecords(joined(counts), options)) run.record(record);
    }
  },
});
