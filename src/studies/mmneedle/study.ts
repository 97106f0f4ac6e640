import { defineStudy } from "#runs";
import { claims } from "./claims.ts";
import { configurationsOf } from "./configurations.ts";
import { openCollection } from "./data.ts";
import { scoreAnswer } from "./measures.ts";
import { planOf } from "./plan.ts";
import { published } from "./published/tables.ts";
import { countOf, questionsOf } from "./questions.ts";
import { measure } from "./records.ts";
import { settings } from "./settings.ts";
import { requireSight } from "./sight.ts";

/**
 * MMNeedle: does a model find the picture that a caption describes, among many pictures cut into many cells?
 *
 * Source   Wang et al. 2025 (NAACL, arXiv 2406.11230), §3 and §4
 */
export default defineStudy({
  id: "mmneedle",
  paper: {
    title: "Multimodal Needle in a Haystack: Benchmarking Long-Context Capability of Multimodal Large Language Models",
    authors:
      "Hengyi Wang, Haizhou Shi, Shiwei Tan, Weiyi Qin, Wenyuan Wang, Tunyu Zhang, Akshay Nambi, Tanuja Ganu, Hao Wang",
    venue: "NAACL 2025",
    link: "https://arxiv.org/abs/2406.11230",
    claim: "Models that see many pictures at once lose sight of single ones, and claim to see what is not there.",
  },
  question:
    "Shown M pictures of N × N photos each, can the model say where the photo is that a caption describes, or that it is absent?",
  settings,
  claims,
  published,
  needs: {
    subject: "a model that sees pictures, or a control",
    mini: "nothing: built-in scenes and controls, about 15 seconds, 450 MB",
    paper:
      "an API key, COCO's val2014 photos (6 GB) and the authors' files; 16,800 questions with 103,200 pictures a subject",
  },
  miniatureSubjects: ["baseline:oracle", "baseline:random", "baseline:first-cell", "baseline:absent"],
  accept: requireSight,
  identify: async ({ settings, seed }) => {
    const collection = await openCollection(settings, seed);
    // Built here once, so that needles which cannot be placed are refused before there is a run.
    for (const configuration of configurationsOf(settings)) collection.haystacks(configuration);
    return collection.identity;
  },
  plan: async ({ settings, seed, limit }) => planOf(await openCollection(settings, seed), { settings, seed, limit }),
  conduct: async ({ settings, subjects, run, limit, ask }) => {
    // §3.2 Photos with captions are stitched into mosaics of N × N cells.
    const { seed } = run.manifest;
    const collection = await openCollection(settings, seed);
    const configurations = configurationsOf(settings);
    if (subjects.some(({ kind }) => kind !== "control")) {
      collection.requirePhotos(configurations.map((configuration) => collection.haystacks(configuration)));
    }

    // §3.3 Haystacks of M mosaics each, with K needles that are in them or are not.
    const questions = { settings, seed, limit };
    const total = configurations.reduce((sum, one) => sum + countOf(one, questions), 0);

    for (const subject of subjects) {
      // §4.1 One request a sample, the provider's defaults; §3.4 each answer is scored the moment it comes.
      const samples = configurations.values().flatMap((one) => questionsOf(collection, one, questions));
      await ask(subject, { samples, score: (response, truth) => scoreAnswer(response, truth, settings), total });

      // §4.2, §4.3 Existence, index and exact accuracy, of present and absent needles apart.
      for (const configuration of configurations) {
        for (const record of measure(run, { subject: subject.name, configuration, collection, settings })) {
          run.record(record);
        }
      }
    }
  },
});
