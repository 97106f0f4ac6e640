import { expectPlace } from "#methods/value-vectors";
import type { LanguageModel } from "#models";
import { defineStudy, type Run } from "#runs";
import { answersOf } from "./behaviour.ts";
import { claims } from "./claims.ts";
import type { StudyConcept } from "./concept.ts";
import { openConcepts } from "./data.ts";
import { keptTarget } from "./equal-forgetting.ts";
import { type Examination, examine, type Outcome } from "./examine.ts";
import { type Location, locate } from "./locate.ts";
import { openSubject } from "./open-subject.ts";
import { planOf } from "./plan.ts";
import { locationRecords, outcomeRecords } from "./records.ts";
import { type Settings, settings } from "./settings.ts";

/**
 * ConceptVectors: is the knowledge gone, or only silent?
 *
 * Source   Hong, Yu, Yang, Ravfogel, Geva 2025 (EMNLP, arXiv 2406.11614)
 */
export default defineStudy({
  id: "concept-vectors",
  paper: {
    title: "Intrinsic Test of Unlearning Using Parametric Knowledge Traces",
    authors: "Yihuai Hong, Lei Yu, Haiqin Yang, Shauli Ravfogel, Mor Geva",
    venue: "EMNLP 2025",
    link: "https://arxiv.org/abs/2406.11614",
    claim: "Unlearning by fine-tuning leaves the parameters that carry a concept nearly as they were.",
  },
  question:
    "After a model was made to forget a concept, did the value vector that carries it change, what do the answers say, and do a jailbreak or ten steps of relearning bring it back?",
  settings,
  claims,
  published: [],
  needs: {
    subject: "an open model: a folder, hf:org/name or a miniature",
    mini: "nothing: the built-in miniature of forty invented concepts, about a minute, 1 GB",
    paper: "LLaMA-2-7B-chat or OLMo-7B as a folder, the authors' benchmark file, about 130 GB of memory",
  },
  miniatureSubjects: ["mini:encyclopedia"],
  identify: async ({ settings, seed }) => openConcepts(settings, seed).identity,
  plan: async ({ settings, seed, limit }) => planOf(openConcepts(settings, seed), { settings, limit }),
  conduct: async ({ settings, subjects, run, limit, signal }) => {
    const { seed: first } = run.manifest;
    const concepts = openConcepts(settings, first).list.slice(0, limit);

    for (const subject of subjects) {
      using model = await openSubject(subject);
      for (const { place } of concepts) if (place !== undefined) expectPlace(place, model.config);
      for (const concept of concepts) {
        // §3 The answers before, and the value vector that carries the concept.
        const original = await run.step(`${subject.name}: ${concept.name} before`, () =>
          answersOf(model, concept, settings),
        );
        const location = await run.step(`${subject.name}: ${concept.name} located`, async () => {
          return (await locate(model, concept, { settings, seed: first, original })) as never;
        });
        const place = location as unknown as Location;
        for (const record of locationRecords(subject.name, concept, place)) run.record(record);

        // §4 Forget with each method, then look twice: in the weights and at the answers.
        const kept = keptTarget(concept, { settings, original });
        const trials = trialsOf(settings, first).map((trial) => ({
          ...trial,
          place,
          span: place.span,
          settings,
          original,
          kept,
        }));
        for await (const record of examined(model, { run, subject: subject.name, concept, trials })) {
          signal.throwIfAborted();
          run.record(record);
        }
      }
    }
  },
});

/** Every method with every seed; a model that was given stands for itself. */
function trialsOf({ after, methods, seeds }: Settings, first: number): { method: string; seed: number }[] {
  if (after !== "") return [{ method: "given", seed: first }];
  return methods.flatMap((method) => Array.from({ length: seeds }, (_, at) => ({ method, seed: first + at })));
}

interface Trials {
  readonly run: Run;
  readonly subject: string;
  readonly concept: StudyConcept;
  readonly trials: readonly Examination[];
}

/** One step a trial, and its numbers. */
async function* examined(model: LanguageModel, { run, subject, concept, trials }: Trials) {
  for (const trial of trials) {
    const { method, seed } = trial;
    const step = () => examine(model, concept, trial);
    const name = `${subject}: ${concept.name} by ${method}, seed ${seed}`;
    const outcome = (await run.step(name, step as never)) as unknown as Outcome;
    yield* outcomeRecords(subject, { concept, method, seed, outcome });
  }
}
