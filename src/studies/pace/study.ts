import { join } from "node:path";
import { hashOf, type Subject, UsageError } from "#base";
import { loadVisionModel, type VisionModel } from "#models";
import { defineStudy } from "#runs";
import type { Bench, Examined } from "./bench.ts";
import { claims } from "./claims.ts";
import { comparisonRecords } from "./comparisons.ts";
import { chooseCount, countRecords } from "./concept-count.ts";
import { openDumps } from "./dumps.ts";
import { lookAt, perturbedSource, sourceOf } from "./embed.ts";
import { EmbeddingParts } from "./embedding-parts.ts";
import { examineExplainer } from "./examine.ts";
import { learns } from "./explainer-names.ts";
import { openPictures } from "./pictures.ts";
import { planOf } from "./plan.ts";
import { table1, table2 } from "./published.ts";
import { recordsOf } from "./records.ts";
import { type Settings, settings } from "./settings.ts";
import { examineVariants } from "./variants.ts";

/**
 * PACE: what a vision transformer sees, as concepts with probabilities.
 *
 * Source   Wang, Tan & Wang 2024 (ICML, arXiv:2406.12649)
 */
export default defineStudy({
  id: "pace",
  paper: {
    title: "Probabilistic Conceptual Explainers: Trustworthy Conceptual Explanations for Vision Foundation Models",
    authors: "Hengyi Wang, Shiwei Tan, Hao Wang",
    venue: "ICML 2024",
    link: "https://arxiv.org/abs/2406.12649",
    claim:
      "Concepts as distributions of patch embeddings explain a vision transformer more faithfully, stably and sparsely than attributions do.",
  },
  question:
    "Which concepts does an image classifier use, in the data set, in a picture and in a patch, and how far can such an explanation be trusted beside others?",
  settings,
  claims,
  published: [table1, table2],
  needs: {
    subject: "an image classifier: a ViT or DeiT folder, hf:org/name or a miniature",
    mini: "nothing: the built-in miniature and drawn pictures, about a minute, 1 GB",
    paper:
      "ViT-B/16 fine-tuned on Flowers, Cars or CUB as a folder, and the pictures as --set images=DIR; hours on a processor, 16 GB",
  },
  miniatureSubjects: ["mini:vit"],
  identify: async ({ settings, seed }) => (await openPictures(settings, seed)).identity,
  plan: async ({ settings, seed, limit, subjects }) =>
    planOf(await openPictures(settings, seed), { settings, limit, subjects }),
  conduct: async ({ settings, subjects, run, limit, signal }) => {
    const { seed: first } = run.manifest;
    for (const subject of subjects) {
      // §3 What the model saw: patch embeddings, the class token's attention, its answer; test pictures once more perturbed.
      const folder = join(run.store.folder, "embeddings", `${run.id}-${hashOf(subject.name).slice(0, 16)}`);
      using train = new EmbeddingParts(join(folder, "train"));
      using test = new EmbeddingParts(join(folder, "test"));
      using dumps = settings.dataset === "dump" ? openDumps(settings, first) : undefined;
      const prepared =
        dumps === undefined
          ? await lookThrough(subject, { settings, first, limit, parts: { train, test } })
          : { sources: dumps.sources, scene: dumps.scene, seen: undefined };
      expectEnough(prepared.scene);
      run.foresee(stepsOf(settings));
      const asked = { ...prepared, run, settings, subject: subject.name, first };
      const bench = settings.concepts === 0 ? await withChosenCount(asked) : asked;

      const examined: Examined[] = [];
      // §5.2 Every explainer on the same pictures, with the same number of settings to try.
      for (const name of settings.explainers) {
        for (let seed = first; seed < first + (learns(name) ? settings.seeds : 1); seed++) {
          signal.throwIfAborted();
          const step = () => examineExplainer(bench, { name, seed });
          const found = await run.step(`${subject.name}: ${name}, seed ${seed}`, step);
          examined.push(found);
          for (const record of recordsOf(bench, found)) run.record(record);
        }
      }
      // Beyond the paper: the same model with other α, weights and labels, which decide most of its scores.
      for (let seed = first; seed < first + settings.seeds && settings.explainers.includes("pace"); seed++) {
        signal.throwIfAborted();
        const step = () => examineVariants(bench, seed);
        const found = await run.step(`${subject.name}: variants, seed ${seed}`, step);
        examined.push(...found);
        for (const one of found) for (const record of recordsOf(bench, one)) run.record(record);
      }
      for (const record of comparisonRecords(bench, examined)) run.record(record);
      for (const parts of [train, test]) parts.remove();
    }
  },
});

/** Explanations are compared between images. @throws UsageError PICTURES_MISSING */
function expectEnough({ train, test }: Bench["scene"]): void {
  if (train.length >= 2 && test.length >= 2) return;
  const claim = `Expected at least two pictures to learn from and two to test, got ${train.length} and ${test.length}`;
  throw new UsageError("PICTURES_MISSING", `pace: ${claim}; give more, or train and test parts of your own`);
}

/** A step an explainer and seed, one a seed for all variants, and one where K is chosen. */
function stepsOf({ explainers, seeds, concepts }: Settings): number {
  const fits = explainers.reduce((sum, name) => sum + (learns(name) ? seeds : 1), 0);
  return fits + (explainers.includes("pace") ? seeds : 0) + (concepts === 0 ? 1 : 0);
}

/** The same bench with a number of concepts that its pictures chose. */
async function withChosenCount(bench: Bench): Promise<Bench> {
  const { run, subject, settings } = bench;
  const count = await run.step(`${subject}: how many concepts`, () => chooseCount(bench));
  for (const record of countRecords(bench, count)) run.record(record);
  return { ...bench, settings: { ...settings, concepts: count.chosen } };
}

interface Looking {
  readonly settings: Settings;
  readonly first: number;
  readonly limit: number | undefined;
  /** Where embeddings lie until the run is finished: one that is taken up again does not look twice. */
  readonly parts: Readonly<Record<"train" | "test", EmbeddingParts>>;
}

/** Opens a subject and the pictures, and looks at them through it. */
async function lookThrough(
  subject: Subject,
  { settings, first, limit, parts }: Looking,
): Promise<Pick<Bench, "seen" | "scene" | "sources">> {
  const set = await openPictures(settings, first);
  const model = await openSubject(subject);
  const looking = { settings, seed: first };
  const train = await lookAt(model, set.train.slice(0, limit), {
    ...looking,
    withPerturbed: settings.stability > 0,
    parts: parts.train,
  });
  const test = await lookAt(model, set.test.slice(0, limit), {
    ...looking,
    withPerturbed: true,
    parts: parts.test,
  });
  const testSource = sourceOf(model, test, { name: `${subject.name} test`, settings });
  const sources = {
    train: sourceOf(model, train, { name: `${subject.name} train`, settings }),
    test: testSource,
    perturbed: perturbedSource(testSource, test),
  };
  const scene = { train, test, set, classes: model.config.labels.length, patch: model.config.patchSize[0] };
  return { seen: { model, train, test }, scene, sources };
}

/** The classifier behind a subject. @throws UsageError SUBJECT_CLOSED; AssayError as loadVisionModel() */
async function openSubject({ name, kind }: Subject): Promise<VisionModel> {
  if (kind === "open") return loadVisionModel(name);
  const claim = `Expected an image classifier that can be looked into, got ${name}`;
  throw new UsageError("SUBJECT_CLOSED", `pace: ${claim}; name a ViT folder, hf:org/name or mini:vit`);
}
