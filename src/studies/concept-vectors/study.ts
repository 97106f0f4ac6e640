import type { Subject } from "#base";
import { expectPlace } from "#methods/value-vectors";
import type { LanguageModel } from "#models";
import { defineStudy, type Lab, type Run } from "#runs";
import { answersOf } from "./behaviour.ts";
import type { Candidate } from "./candidate.ts";
import { claims } from "./claims.ts";
import type { StudyConcept } from "./concept.ts";
import { costNotes, expectRoom, predictCost } from "./cost.ts";
import { openConcepts } from "./data.ts";
import { keptTarget } from "./equal-forgetting.ts";
import { type Examination, examine } from "./examine.ts";
import { expectSameJudge, judgements, judgeSamples, scoreJudgement } from "./judge.ts";
import { candidatesOf, locate } from "./locate.ts";
import { openAfter, openSubject, requireOpen } from "./open-subject.ts";
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
  accept: requireOpen,
  identify: async ({ settings, seed }) => openConcepts(settings, seed).identity,
  plan: async ({ settings, seed, limit, subjects }) =>
    planOf(openConcepts(settings, seed), { settings, limit, subjects }),
  conduct: async ({ settings, subjects, run, limit, signal, ask, resolve }) => {
    const { seed } = run.manifest;
    const concepts = openConcepts(settings, seed).list.slice(0, limit);
    const judge = settings.judge === "" ? undefined : await resolve(settings.judge);
    if (judge !== undefined) await expectSameJudge(run, judge);

    for (const subject of subjects) {
      await tellCost(run, subject, { concepts, settings });
      using model = await openSubject(subject, settings);
      using after = (await openAfter(model, settings)) ?? nothing;
      for (const { place, name } of concepts) if (place !== undefined) expectPlace(place, model.config, name);
      // Answers before, candidates, the place; then a step a trial.
      run.foresee(concepts.length * (3 + trialsOf(settings, seed).length));
      for (const concept of concepts) {
        const at = { run, subject: subject.name, concept };
        // §3 The answers before, and the value vector that carries the concept.
        const original = await step(at, "before", () => answersOf(model, concept, settings));
        const candidates = await step(at, "candidates", () => candidatesOf(model, concept, settings));
        const said = judge === undefined ? new Map() : await judged(at, { judge, candidates, ask });
        const locating = { settings, seed, original, candidates, judgements: said };
        const place = await step(at, "located", () => locate(model, concept, locating));
        for (const record of locationRecords(subject.name, concept, place)) run.record(record);

        // §4 Forget with each method, then look twice: in the weights and at the answers.
        const kept = keptTarget(concept, { settings, original });
        const given = after === nothing ? undefined : after;
        const shared = { place, span: place.span, settings, original, kept, after: given };
        await tryEach(at, { model, shared, trials: trialsOf(settings, seed), signal });
      }
    }
  },
});

interface Trying {
  readonly model: LanguageModel;
  readonly shared: Omit<Examination, "method" | "seed">;
  readonly trials: readonly { readonly method: string; readonly seed: number }[];
  readonly signal: AbortSignal;
}

/** One step a trial, and its numbers. */
async function tryEach(at: StepPlace, { model, shared, trials, signal }: Trying): Promise<void> {
  const { run, subject, concept } = at;
  for (const trial of trials) {
    const name = `by ${trial.method}, seed ${trial.seed}`;
    const outcome = await step(at, name, () => examine(model, concept, { ...trial, ...shared }));
    for (const record of outcomeRecords(subject, { concept, ...trial, outcome })) run.record(record);
    signal.throwIfAborted();
  }
}

/** In the place of a model that was not given, for `using`. */
const nothing = { [Symbol.dispose]() {} } as LanguageModel;

/** Where a step belongs. */
interface StepPlace {
  readonly run: Run;
  readonly subject: string;
  readonly concept: StudyConcept;
}

/** A unit of work on one concept of one model. */
const step = <T>({ run, subject, concept }: StepPlace, what: string, compute: () => Promise<T>): Promise<T> =>
  run.step(`${subject}: ${concept.name} ${what}`, compute);

/** Says beforehand what the run will take, and refuses what does not fit. */
async function tellCost(
  run: Run,
  { name, kind }: Subject,
  what: { readonly concepts: readonly StudyConcept[]; readonly settings: Settings },
): Promise<void> {
  if (kind !== "open") return;
  const cost = await predictCost(name, what);
  for (const note of costNotes(name, cost)) run.note(note);
  expectRoom(name, cost);
}

interface Judging {
  readonly judge: Subject;
  readonly candidates: readonly Candidate[];
  readonly ask: Lab<unknown>["ask"];
}

/** What the judge says of the candidates; nothing where the place was given. */
async function judged({ run, subject, concept }: StepPlace, { judge, candidates, ask }: Judging) {
  if (concept.place !== undefined) return new Map<string, number | null>();
  const samples = judgeSamples(subject, concept, candidates);
  await ask(judge, { samples, score: scoreJudgement, total: samples.length });
  return judgements(run, { judge: judge.name, subject, concept });
}

/** Every method with every seed; a model that was given stands for itself. */
function trialsOf({ after, methods, seeds }: Settings, first: number): { method: string; seed: number }[] {
  if (after !== "") return [{ method: "given", seed: first }];
  return methods.flatMap((method) => Array.from({ length: seeds }, (_, at) => ({ method, seed: first + at })));
}
